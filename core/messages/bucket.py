"""The bucket: names, objects, manifests, and conflicts of a publication."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "bucket.same_sales": "{reason} It may be about the same sales: delete it.",
    "bucket.being_published": "{other} data of unit {unit} on {day} is being published ({name}), "
    "and {new} data of the same day would count its sales twice. Wait until that publication has "
    "ended. If it was killed, run it again, or delete that object.",
    "bucket.version": "{name} has version {version}: this reads {known}.",
    "bucket.no_announcement": "{name} is not an announcement of a publication.",
    "bucket.deleted_loading": "{name} was deleted by somebody else while it was loaded.",
    "bucket.changed_loading": "{name} was changed by somebody else while it was loaded.",
    "bucket.no_name": "{name!r} is not the name of an object here: names begin with {known}.",
    "bucket.not_there": "{name} is not in the bucket {bucket!r}.",
    "bucket.too_large": "{name} has {size} bytes: up to {most} are shown here, a larger object is "
    "to be copied from the bucket.",
    "bucket.archive": "{size} bytes are too many for one archive: use {most}.",
    "bucket.no_manifest": "{name} is not a manifest: {reason}.",
    "bucket.loaded_by_writer": "{name} is not loaded yet by whoever wrote it with others.",
    "bucket.not_seen": "{name} cannot be seen yet.",
    "bucket.generation_not_seen": "{name} cannot be seen in generation {generation} yet.",
    "bucket.not_the_one": "The bucket {bucket!r} has neither reference files nor manifests, so it "
    "may not be the one that Bronze was loaded from: nothing is settled.",
    "bucket.unit_has_parquet": "Unit {unit} has Parquet data on {day} ({name}): CSV data {way_out}",
    "bucket.unit_has_other": "Unit {unit} has {other} data on {day} ({name}): {wanted} data "
    "{way_out}",
    "bucket.unit_has_csv": "Unit {unit} has CSV files on {day} ({name}): Parquet data {way_out}",
    "bucket.not_in": "{name} is not in {place}.",
    "bucket.not_in_generation": "{name} is not in generation {generation}.",
    "bucket.none": "There is no bucket {bucket!r}: make it with the deployment's command, or set "
    "GCS_BUCKET_NAME to one that exists.",
    "bucket.not_in_if_generation": "{name} is not in generation {generation}.",
    "bucket.changed": "{name} was changed by somebody else meanwhile.",
    "bucket.other_content": "{name} exists with other content.",
    "bucket.no_name_in": "{name!r} is not the name of an object in {root}.",
    "bucket.refused": "{doing}: {reason}.",
    "bucket.other_generation": "{name} is in generation {generation}, not {wanted}.",
    "bucket.broken_link": "Cannot write {path}: it is a link to something that is not there.",
    "bucket.cannot_read": "Cannot read {path}: {reason}.",
    "bucket.keeps_time": "{path} keeps its time of modification, so that what is put in its place "
    "would not be loaded: nothing was written.",
    "bucket.not_in_root": "{name} is not in {root}.",
    "bucket.locked": "{root} is locked by another process: try again.",
    "bucket.written_all_the_time": "{name} is being written by others all the time: try again "
    "later.",
    "bucket.nothing_written": "{error} Nothing was written; overwriting replaces it.",
    "bucket.no_report": "{name} is not an error report of quarantine: {error}.",
    "bucket.written_again": "{name} was written again meanwhile.",
    "bucket.written_by_others": "{name} was written by others meanwhile.",
    "bucket.way_out": "of the same day would count its sales twice. Choose another date, delete "
    "the other data, or force the mix.",
    "bucket.unreadable": "{name} cannot be read: {reason}",
    "bucket.conflict": "{count:# object exists|# objects exist} with other content in {bucket!r}, "
    "{name} among them: nothing was written. They were made with another seed or another range of "
    "orders: ask for that, or overwrite them.",
    "bucket.conflict_scenario": "{count:# object exists|# objects exist} with other content in "
    "{bucket!r}, {name} among them: nothing was written. That window was published under the "
    "scenario {scenario}: withdraw it, or overwrite the objects.",
    "bucket.conflict_spoiling": "{count:# object exists|# objects exist} with other content in "
    "{bucket!r}, {name} among them: nothing was written. The scenario {scenario} spoils sales as "
    "it publishes them: choose dates, windows or units without sales, or overwrite the objects.",
    "bucket.scenario_windows": "The scenario {scenario} spoils the CSV files of windows, not whole "
    "days or Parquet: name windows, or publish without a scenario.",
    "bucket.conflict_parquet": "{name} exists with other content in {bucket!r}: nothing of that "
    "date was written. It was made for other units or windows, with another seed, or by another "
    "release of pyarrow: ask for that, or overwrite it.",
    "bucket.written": "Written before that: {names}.",
    "bucket.written_and_more": "Written before that: {names} and {count} more.",
    "entry.dangling": "it is a link to something that is not there",
    "entry.loop": "it is a link to a folder that it stands in",
    "entry.not_text": "its name is not UTF-8",
    "entry.unreadable": "it cannot be read: {reason}",
    "leftover.hidden": "{name}: {reason}, so the object may be there.",
    "leftover.half": "{name} is there: write the missing object again (`backfill.py`, or Fill the "
    "gap on Bronze), or move the other one out of the bucket, too.",
    "bucket.no_stray": "{name} is not deleted: a manifest names it, a publication writes it, its "
    "manifest is missing, or it is no sales file.",
    "bucket.stray_written_again": "{name} was written again meanwhile, or is being published, and "
    "stays: look at it before you delete it.",
    "malformed.nested": "it is nested too deeply",
    "malformed.not_json": "it is not JSON ({error})",
    "malformed.it": "it",
    "malformed.no_object": "{what} is {value} instead of an object",
    "malformed.whole": "a whole number from {least} to {most}",
    "malformed.list": "a list",
    "malformed.absent": "it has no {key!r}, which is {valid}",
    "malformed.instead": "{key!r} is {value} instead of {valid}",
    "malformed.other_name": "it is that of {of}, whose name is {name}",
    "malformed.unit_twice": "it names unit {unit} twice",
    "malformed.units": "its units are not whole numbers, each of them once",
}
