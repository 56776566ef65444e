"""What scenarios of faults are called, and what is wrong with a scenario's file."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "scenario.no_toml": "The scenario {name} is no TOML: {reason}.",
    "scenario.no_file": "{path} is no scenario: {reason}.",
    "scenario.too_large": "{path} is no scenario: write at most {most:bytes}.",
    "scenario.not_known": "No scenario is named {name}: use one of {known}, or the path of a "
    "file that ends in .toml.",
    "scenario.unknown_key": "Scenario {scenario}, {place}: {key} is unknown, use {known}.",
    "scenario.missing": "Scenario {scenario}, {place}: {key} is missing, write {valid}.",
    "scenario.value": "Scenario {scenario}, {place}: {key} is {value}, write {valid}.",
    "scenario.share_or_count": "Scenario {scenario}, {place}: write either share or count.",
    "scenario.place.top": "first lines",
    "scenario.place.fault": "fault {number}",
    "scenario.place.parameters": "{place}, parameters of {kind}",
    "scenario.valid.name": "lower-case letters and digits, in words joined by hyphens",
    "scenario.valid.same": "{name}, as the file is named",
    "scenario.valid.sentence": "one line of at most {most} characters",
    "scenario.valid.choice": "one of {choices}",
    "scenario.valid.whole": "a whole number from {least} to {most}",
    "scenario.valid.number": "a number from {least} to {most}",
    "scenario.valid.share": "a number above 0 and at most 1",
    "scenario.valid.span": "the first and the last of a range from {least} to {most}, both "
    "included",
    "scenario.valid.words": "a list with some of {known}, each once",
    "scenario.valid.tables": "each as a table [[{key}]]",
    "scenario.valid.table": "a table",
    "scenario.valid.none": "nothing, for {kind} has no parameters",
    "scenario.kind.object_missing": "An object does not arrive, but its manifest names it.",
    "scenario.kind.window_late": "The two objects of a unit's window arrive later.",
    "scenario.kind.objects_out_of_order": "The orders arrive, and their items some windows later.",
    "scenario.kind.delivered_again": "An object is delivered a second time, with the same bytes.",
    "scenario.kind.copied_under_other_name": "An object's rows arrive a second time, under a name "
    "that is not in the layout.",
    "scenario.kind.copied_into_other_window": "A window's rows arrive a second time, in the files "
    "of another window of the unit's day.",
    "scenario.kind.truncated": "The end of a file is missing.",
    "scenario.kind.empty": "A file arrives without a byte in it.",
    "scenario.kind.header_only": "A file arrives with its header alone.",
    "scenario.kind.wrong_encoding": "A file arrives in another encoding than UTF-8.",
    "scenario.kind.other_delimiter": "The fields of a file are separated by another character.",
    "scenario.kind.column_renamed": "A column of a file has another name.",
    "scenario.kind.column_dropped": "A column of a file is missing.",
    "scenario.kind.column_added": "A file has a column more.",
    "scenario.kind.columns_reordered": "The columns of a file are in another order.",
    "scenario.kind.yesterday_again": "A unit sends the sales of the day before once more.",
    "scenario.kind.clock_skew": "A unit's clock is a window fast: it files the sales of a window "
    "under the next one.",
    "scenario.kind.row_doubled": "A row is in its file twice.",
    "scenario.kind.value_out_of_range": "A value is outside the range of its column.",
    "scenario.kind.value_of_wrong_type": "A value is a word where a number belongs.",
    "scenario.kind.decimal_comma": "An amount has a decimal comma.",
    "scenario.kind.other_date_format": "A date is written in another format.",
    "scenario.kind.wrong_unit": "An order names another unit than its file.",
    "scenario.kind.wrong_date": "An order has another date than its file.",
    "scenario.kind.item_without_order": "Items arrive whose order is missing.",
    "scenario.kind.order_without_items": "An order arrives, but none of its items.",
    "scenario.kind.total_not_sum": "An order's total is not the sum of its items and its fee.",
    "scenario.kind.unknown_product": "An item names a product that is not in the catalog.",
    "scenario.kind.unknown_type": "An order has a type that does not exist.",
    "scenario.kind.unknown_status": "An order has a status that does not exist.",
    "scenario.kind.price_drift": "A unit sells some products at another price than the catalog's; "
    "its totals add up.",
    "scenario.kind.unit_silent": "A unit sends nothing for days, and no manifest names it.",
    "scenario.kind.spike": "A unit sends far more orders than the window can have.",
    "scenario.kind.order_leak": "A growing share of a unit's orders disappears without a trace.",
    "scenario.unseen.delivered_again": "Equal bytes are the same sales: Bronze replaces the rows "
    "of an object by those of its new generation, so that nothing differs afterwards.",
    "scenario.no_record": "{name} is no record of a scenario: {reason}.",
    "scenario.none_applied": "No scenario is applied in this bucket.",
    "scenario.not_applied": "No scenario {name} is applied in this bucket: name one of {known}.",
    "scenario.several_records": "The scenario {name} is applied to several requests: name "
    "one of {known}.",
    "scenario.applied_already": "The scenario {scenario} is applied to unit {unit} on {day}, "
    "{window} already ({name}): withdraw it first. Nothing was written.",
}
