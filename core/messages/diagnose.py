"""What the diagnostics find, and how to fix it."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "diagnose.pending_long": "{waits} for Bronze, {dates_told}, the oldest since {since}, such as "
    "{name}.",
    "diagnose.ingest": "Ingest what is pending: what is there already adds nothing.",
    "diagnose.unreadable": "{count:,# entry|,# entries} of the bucket cannot be read, "
    "{dates_told}, such as {name}: {reason}.",
    "diagnose.unreadable_advice": "Take them away, or put files that can be read in their place, "
    "under names that are UTF-8; then ingest. The other objects are loaded meanwhile.",
    "diagnose.quarantine": "{count:,# file has|,# files have} rows in quarantine, such as {name}: "
    "{reason}",
    "diagnose.quarantine_advice": "Look at the lines with their reasons on Storage; write the "
    "file anew under its own name, and ingest what is pending. docs/bronze.md says what is "
    "accepted.",
    "diagnose.quarantine_gone": "Reports in quarantine: {count:,}, of objects that are gone, such "
    "as {name}.",
    "diagnose.quarantine_line": "line {line}: {reason}",
    "diagnose.pending_none": "Every object {dates_told} is in Bronze.",
    "diagnose.pending_now": "{waits}, the oldest of them since a moment ago.",
    "diagnose.pending_lost_ledger": "Do not ingest them: Bronze has rows without their lines in "
    "the ledger, and would count them twice. See to the ledger first.",
    "diagnose.unreadable_none": "Every entry {dates_told} can be read.",
    "diagnose.quarantine_none": "Nothing is in quarantine.",
    "diagnose.quarantine_no_report": "its report cannot be read.",
    "diagnose.of_date": "of {day}",
    "diagnose.of_dates": "of {first} to {last}",
    "diagnose.not_looked_at": "It could not be looked at: {reason}",
    "diagnose.make_good": "Make good what the sentence names, then look again.",
    "diagnose.unexpected": "It could not be looked at: something unexpected happened ({kind}).",
    "diagnose.unexpected_advice": "The server's log has the details: report it with the check's "
    "name.",
    "diagnose.doubled": "Ids that stand in Bronze more than once: {ids:,}; rows too many: {more:,}",
    "diagnose.doubled_in": "{found}; the same ids are in {first} and in {last}",
    "diagnose.mixed_parquet": "{day} has {detail}: its sales count twice.",
    "diagnose.doubled_copies": "{found}, which both are in the bucket with the same bytes.",
    "diagnose.doubled_copies_advice": "Move the copy out of the bucket, such as {name}, and "
    "settle what it left in Bronze.",
    "diagnose.mixed_advice": "Keep one kind. To keep the incremental one move the {count:,# bulk "
    "object|,# bulk objects}, such as {name}, out of the bucket, and settle what they left in "
    "Bronze.",
    "diagnose.mixed_parquet_advice": "Keep one kind. To keep the CSV files move the Parquet "
    "objects and their manifest out of the bucket, settle what they left in Bronze, and make the "
    "units again that had no CSV files.",
    "diagnose.mixed_gone": "{found} {name} has rows in Bronze and is no longer in the bucket.",
    "diagnose.no_bronze": "Bronze has no tables yet.",
    "diagnose.doubled_none": "No order and no item stands in Bronze twice.",
    "diagnose.doubled_gone": "{found}; {name} has rows in Bronze and is no longer in the bucket.",
    "diagnose.doubled_loaded": "{found}; rows of {name} were loaded twice.",
    "diagnose.doubled_loaded_advice": "Load the object once more: its new rows take the place of "
    "all of its old ones. Then rebuild the layers.",
    "diagnose.doubled_unexplained": "{found}, and no object of the bucket explains them.",
    "diagnose.doubled_differ": "{found}, whose bytes differ.",
    "diagnose.doubled_differ_advice": "Neither is a copy of the other, so nothing is proposed: "
    "compare the two on Storage, and move the one that is not to count out of the bucket.",
    "diagnose.mixed_none": "No unit has bulk and incremental data {dates_told}.",
    "diagnose.settings": "The settings are valid: {place}, datasets {prefix}_*.",
    "diagnose.project": "The project is whole in {root}: its commands run from any folder by "
    "their path, such as python {command}.",
    "diagnose.packages": "Python is {version}, and all {count} packages are of the pinned "
    "releases.",
    "diagnose.zone": "{name} is known with its summer time until 2019: {offsets}.",
    "diagnose.zone_offset": "{month:%Y-%m} {offset}",
    "diagnose.zone_offset_wrong": "{month:%Y-%m} has {offset}, not {right}",
    "diagnose.emulators": "{names} is set, but not {google}: the folder {home} is used, and no "
    "emulator.",
    "diagnose.emulators_advice": "Set the two for the emulated cloud, or take the address away.",
    "diagnose.project_lacks": "{root} lacks {names}.",
    "diagnose.project_advice": "Get the project whole again, and call its commands as they are "
    "documented.",
    "diagnose.python_old": "Python is {version}: it has to be 3.11 or newer.",
    "diagnose.python_advice": "Install a newer Python, and the packages into it.",
    "diagnose.packages_absent": "Packages are not installed: {names}.",
    "diagnose.packages_absent_advice": "Install them into the Python that runs this.",
    "diagnose.packages_other": "Packages are of other releases: {names}.",
    "diagnose.packages_other_advice": "The project is tested with the pinned ones: install those.",
    "diagnose.zone_wrong": "The time zone {name} is not right: {faults}.",
    "diagnose.zone_wrong_advice": "Bring the time zone database up to date, and start the panel "
    "anew.",
    "diagnose.settings_advice": "Set what is missing, or take away what is not valid, and start "
    "the panel anew.",
    "diagnose.zone_absent": "The time zone database does not have {name}.",
    "diagnose.zone_absent_advice": "Install the database, and start the panel anew.",
    "diagnose.settle": "If this was not meant, put them back under their names. Otherwise settle "
    "them: their rows, lines of the ledger and reports go, and no object of the bucket is touched.",
    "diagnose.left_overs": "Objects that are gone and left something behind, {dates_told}: "
    "{count:,}, such as {name}; rows in Bronze: {rows:,}, reports in quarantine: {reports:,}.",
    "diagnose.left_overs_none": "Nothing is left of deleted objects {dates_told}.",
    "diagnose.room": "{free:bytes} are free; {home} takes {taken:bytes}.",
    "diagnose.room_advice": "Make room on the disk, or set MRHEALTH_HOME to a folder on another "
    "one.",
    "diagnose.clock_advice": "Let the machine set its clock by the network.",
    "diagnose.future": "Objects dated in the future: {count:,}, such as {name}. Their times are "
    "wrong, so that an ingestion may have to read them to see whether they changed.",
    "diagnose.future_advice": "Give them the present time, and ingest: they are loaded once more.",
    "diagnose.history_damaged": "The history of runs {file} is damaged: {faults}.",
    "diagnose.history_advice": "Put it aside: a new one is made. Bucket and warehouse are not "
    "touched by that.",
    "diagnose.warehouse_whole": "All {rows:,# row|,# rows} of {count:# table|# tables} could be "
    "read ({size:bytes}).",
    "diagnose.clock_nothing": "Nothing was written yet that another clock could have dated.",
    "diagnose.clock_no_time": "The answer did not say what time it is.",
    "diagnose.clock": "The clock here and that of {whose} agree within {seconds} s.",
    "diagnose.room_none": "The disk is full: {found}",
    "diagnose.room_little": "The disk is nearly full: {found}",
    "diagnose.history_none": "There is no history of runs yet: the first run makes it.",
    "diagnose.history_whole": "The history of runs is whole ({size:bytes}).",
    "diagnose.warehouse_bigquery": "BigQuery keeps its tables whole by itself.",
    "diagnose.warehouse_none": "There is no warehouse yet: the first upload makes it.",
    "diagnose.remake": "Put the warehouse's file aside and load Bronze from the bucket again: "
    "nothing is lost, for Bronze holds what the bucket holds, and rows of objects that the bucket "
    "no longer has stay in the file that is put aside. Then rebuild the layers.",
    "diagnose.credentials": "Credentials were found ({kind}). Whether they are accepted shows at "
    "the bucket and the warehouse.",
    "diagnose.bucket": "{place} can be read; it has {count:# reference file|# reference files}.",
    "diagnose.folder": "The folder {folder} can be read and written to.",
    "diagnose.folder_none": "The folder {folder} is not there yet: it is made by the first upload.",
    "diagnose.may_write": "Give yourself the right to write there, or set MRHEALTH_HOME to "
    "another folder.",
    "diagnose.warehouse": "The warehouse answers: {count:# table|# tables} in {datasets}.",
    "diagnose.warehouse_held": "Wait until that process has finished, or end it.",
    "diagnose.credentials_folder": "The folder and DuckDB need no credentials.",
    "diagnose.credentials_emulators": "Emulators need no credentials.",
    "diagnose.denied": "Cannot write to {folder}: Permission denied.",
    "diagnose.cannot_make": "Cannot make {folder}: {parent} may not be written to.",
    "diagnose.warehouse_empty": "The warehouse has no tables {prefix}_* yet: the first upload "
    "makes them.",
    "diagnose.warehouse_deploy": "Deploy again: it makes the datasets and gives the roles of "
    "docs/security.md.",
    "diagnose.warehouse_release": "The file was written by another release of DuckDB: install the "
    "pinned one.",
    "diagnose.warehouse_log": "The log belongs to a file that was moved or replaced: put the log "
    "aside, and load what is pending. Then rebuild the layers.",
    "diagnose.bucket_advice": "Make the bucket by the deployment, or set GCS_BUCKET_NAME to one "
    "that may be used.",
    "diagnose.is_a_file": "{path} is a file: a folder has to be there.",
    "diagnose.is_a_file_advice": "Move the file away; the folder is made when it is first written "
    "to.",
    "diagnose.schedule": "{name} is {state}: {times} ({zone})",
    "diagnose.tick_none": "There is no next tick: the dates of the platform are over.",
    "diagnose.schedule_status": "{schedule}. {status}",
    "diagnose.file_damaged": "{file} is damaged: {faults}.",
    "diagnose.plan_advice": "End the process that makes the calls and put the file aside: a new "
    "one is made, without a pause, with the usual units and seed. What was missed is then for "
    "reconcile.py to say.",
    "diagnose.schedule_nobody": "No process makes the calls of the schedule, which is fine where "
    "windows are generated by hand. {tick}",
    "diagnose.schedule_start": "Start it where windows are to come by themselves.",
    "diagnose.hours": "It is {time} in São Paulo: a call serves {day} {hours}.",
    "diagnose.schedule_emulated": "The emulated cloud has no schedule.",
    "diagnose.schedule_other": "{schedule}; the seven windows are {usual} ({zone}).",
    "diagnose.schedule_deploy": "Deploy again: it sets the schedule right.",
    "diagnose.schedule_paused_cloud": "{schedule}. Nothing is generated by itself until it is "
    "resumed.",
    "diagnose.resume": "Resume it.",
    "diagnose.schedule_failed": "See what data-generator's log says. With 401 or 403 its account "
    "has lost the right to call: deploy again.",
    "diagnose.schedule_paused": "The schedule is paused: nothing is generated by itself.",
    "diagnose.resume_here": "Resume it on Schedule.",
    "diagnose.schedule_missed": "Windows that the schedule missed (it was off, or its call "
    "failed): {count}, the first {day} {hours}.",
    "diagnose.catch_up": "Catch up, or leave them, on Schedule.",
    "diagnose.hours_outside": "It is {time} in São Paulo, outside business hours (10:00 to "
    "24:00): a call of data-generator is answered with skipped, which is normal.",
    "diagnose.schedule_enable": "Enable Cloud Scheduler, then deploy again.",
    "diagnose.waits_since": "{waits}, the oldest since {since}",
    "diagnose.apis": "Enabled: {services}.",
    "diagnose.trigger_slow": "{function} is called ({count:# line|# lines} since), yet {what}.",
    "diagnose.trigger_wait": "Wait a little where much was uploaded; otherwise ingest what is "
    "pending.",
    "diagnose.apis_none": "The folder and DuckDB use no service of Google Cloud.",
    "diagnose.apis_disabled": "{project} does not use {services}.",
    "diagnose.apis_advice": "Enable what is missing, wait a minute, then look again.",
    "diagnose.apis_silent": "No answer that tells anything of {services}: {reason}",
    "diagnose.trigger_none": "There is no csv-processor here: an upload loads its objects itself.",
    "diagnose.trigger": "No object {dates_told} waits for {function} for over a minute.",
    "diagnose.trigger_no_log": "There is no emulator of the log.",
    "diagnose.trigger_silent": "{function} is not called: {what}, and its log is silent since.",
    "diagnose.trigger_silent_advice": "Look whether the trigger exists and deploy again where it "
    "does not (a new one takes up to two minutes); then ingest what is pending.",
    "diagnose.trigger_fails": "{function} is called and fails: {what}. It says: {text}",
    "diagnose.trigger_fails_advice": "Make good what its log says; then ingest what is pending.",
    "diagnose.ledger_unknown": "Objects with rows in Bronze that its ledger does not know: "
    "{count:,}, such as {name}. They would be loaded once more.",
    "diagnose.ledger_lost": "Bronze has rows, but its ledger (_ingested_objects) is not there.",
    "diagnose.rebuild": "Rebuild the layers.",
    "diagnose.remake_cloud": "Give Bronze's tables other names and load it from the bucket again; "
    "rows of objects that the bucket no longer has stay in the renamed tables. Then rebuild.",
    "diagnose.ledger": "The ledger knows the object of every row in Bronze.",
    "diagnose.layers_nothing": "Bronze has no orders yet: there is nothing to build.",
    "diagnose.layers": "Silver, Gold and aggregations show all that Bronze has.",
    "diagnose.runs": "Failed: {failed}, interrupted: {lost}. The newest is run {run}, {title}: "
    "{error}.",
    "diagnose.runs_advice": "Retry them on Runs once their cause is gone: what is done already is "
    "not done twice.",
    "diagnose.runs_none": "No run failed that was not started again since.",
    "diagnose.waits": "{count:,# object waits|,# objects wait}",
    "diagnose.moment": "{day} {time}",
    "diagnose.cell": "Unit {unit} on {day}",
    "diagnose.cell_and_more": "{cell} and {count:,} more",
    "diagnose.mixed": "{cell} has bulk and incremental data: its sales count twice.",
    "diagnose.clock_ahead": "The clock here is {seconds:,.0f} s ahead of that of {whose}: windows "
    "are served at other times than people think, and sign-in may be refused.",
    "diagnose.clock_behind": "The clock here is {seconds:,.0f} s behind that of {whose}: windows "
    "are served at other times than people think, and sign-in may be refused.",
    "diagnose.file_system": "the file system of {home}",
    "diagnose.tick": "The next tick is {day} {time} in São Paulo, for {hours}.",
    "diagnose.schedule_calls": "The schedule makes its calls.",
    "diagnose.layer_behind": "{layer} is behind Bronze",
    "diagnose.layer_not_built": "{layer} is not built",
    "diagnose.layers_behind": "{layers}.",
    "diagnose.place_folder": "the folder {home}",
    "diagnose.place_cloud": "project {project}, bucket {bucket}, region {region}",
    "diagnose.package": "{name} {version} in the place of {wanted}",
}
