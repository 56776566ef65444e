"""What is wrong with the volume or content of sales."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "anomaly.price": "Item {item} in {name} costs R$ {price}; the catalog's price of product "
    "{product} is R$ {right}.",
    "anomaly.no_order": "Item {item} in {name} is of order {order}, which Bronze does not have.",
    "anomaly.no_items": "Order {order} in {name} has no items in Bronze.",
    "anomaly.total": "Order {order} in {name} says R$ {value}; its items and its fee are R$ "
    "{right}.",
    "anomaly.row_twice": "Row {id} of {name} is in Bronze twice.",
    "anomaly.row_in_two": "Row {id} of {name} is also in {original}.",
    "anomaly.copied": "Row {id} of {name} is a copy from another window, {original}.",
    "anomaly.yesterday_again": "All rows of {name} are copies from an earlier date, {original}.",
    "anomaly.same_content": "{name} has the content of {original} under other ids.",
    "anomaly.row_of_yesterday": "Row {id} of {name} is a copy from an earlier date, {original}.",
    "anomaly.cut": "Of one kind there are more than {most:,}, of which only the first are counted.",
    "anomaly.range": "{name} has {orders:,# order|,# orders}; there are {least:,} to {most:,} in a "
    "unit.",
    "anomaly.skew": "{name} has as many orders as the window before: so has each window of unit "
    "{unit} on {day}.",
    "anomaly.unit": "Unit {unit} has {orders:,# order|,# orders} from {first} to {last}; the kinds "
    "of these days explain about {expected:,}.",
    "anomaly.chain": "The chain has {orders:,# order|,# orders} from {first} to {last}; the kinds "
    "of these days explain about {expected:,}.",
    "anomaly.silent": "Nothing came from unit {unit} on {day}.",
    "anomaly.parquet_skipped": "Days in Parquet are not judged, for no object of theirs names a "
    "unit: {days}.",
    "anomaly.count": "Anomalies {dates_told}: {count:,}.",
    "anomaly.volume_fine": "The numbers of orders {dates_told} are within their ranges, and the "
    "kinds of day explain them.",
    "anomaly.volume_advice": "Ask the units whether they sold that. What they sent wrong they "
    "write again under its name; then ingest what is pending. docs/troubleshooting.md says how a "
    "number is judged.",
    "anomaly.content_fine": "No row {dates_told} is a copy, orders and items fit each other, and "
    "the prices are the catalog's.",
    "anomaly.content_advice": "Compare the objects on Storage with what the unit has. Write the "
    "right file under its name, or move a copy out of the bucket; then ingest what is pending.",
}
