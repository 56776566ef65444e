"""Runs: titles, results, and the errors of runs that did not succeed."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    # Words that titles and results share.
    "words.dates": "{first} to {last}",
    "words.some_dates": "{count:# date|# dates}, {first} to {last}",
    "words.whole_day": "whole day",
    "words.unit": "unit {unit}",
    "words.units": "{count:# unit|# units}",
    "words.units_published": "the units published",
    "words.seed": "seed {seed}",
    "words.seeds_published": "published or default seeds",
    "words.request": "{dates} {hours}, {count:# unit|# units}, seed {seed}",
    "words.cells": "{day} {hours}, {units}",
    "layer.bronze": "Bronze",
    "layer.silver": "Silver",
    "layer.gold": "Gold",
    "layer.aggregations": "Aggregations",
    # Titles.
    "title.generate": "Generate {what} into {folder}",
    "title.upload": "Upload {what}",
    "title.upload_task": "Upload {what}, task {index} of {count}",
    "title.verify": "Verify upload of {what}",
    "title.ingest": "Ingest what is pending",
    "title.rebuild": "Rebuild {layers}",
    "title.rebuild_whole": "Rebuild {layers} whole",
    "title.simulate": "Simulate {day}, {count:# unit|# units}, seed {seed}",
    "title.remove": "Remove {what}",
    "title.settle": "Settle left-overs of deleted objects, {dates}",
    "title.delete": "Delete {name}",
    "title.delete_many": "Delete {count:# file|# files}, such as {name}",
    "title.try": "Dry run of {what}",
    "title.fill": "Fill the gap of {what}",
    "title.write_again": "Write again {what}",
    "title.reload": "Ingest again {what}",
    "title.backfill": "Backfill {count:# window|# windows} of {dates}, {units}, {seed}",
    "title.refresh": "Refresh {day}",
    "title.refresh_by_airflow": "Refresh {day} by Airflow",
    "title.refresh_whole": "{refresh}, all layers whole",
    # Parts of results.
    "done.published": "{orders:# order|# orders} and {items:# item|# items}: "
    "{files:# file|# files} written",
    "done.published_same": "{published}, {same} there already",
    "done.loaded": "{rows:# row|# rows} loaded into Bronze",
    "done.loaded_rejected": "{loaded}, {rejected} rejected into quarantine",
    "done.unread": "{count:,# entry|,# entries} could not be read, such as {name}: {reason}.",
    # Results.
    "result.generate": "{published} in the folder {folder}.",
    "result.upload": "{published} in the bucket; {loaded}.",
    "result.upload_events": "{published} in the bucket; csv-processor takes them to Bronze.",
    "result.nothing_pending": "Nothing was pending: Bronze has every object of the bucket.",
    "result.nothing_loaded": "Nothing was loaded.",
    "result.ingest": "{count:# object|# objects} ingested; {loaded}.",
    "result.reload": "{count:# object|# objects} ingested again; {loaded}.",
    "result.rebuild": "{layers} rebuilt: {tables:# table|# tables}, all {checks:# check|# checks} "
    "passed.",
    "result.rebuilt_dates": "Business dates built: {counts}.",
    "result.layer_all": "{layer} all",
    "result.layer_dates": "{layer} {count}",
    "result.simulate": "The day {day} is in Gold: {orders:# order|# orders} of "
    "{units:# unit|# units} in {windows:# window|# windows}.",
    "result.layers_rebuilt": "{result}; {layers} rebuilt",
    "result.sentence": "{result}.",
    "result.remove": "{count:# object|# objects} and their rows removed",
    "result.remove_kept": "{result}, {kept} stay, since their unit has other content",
    "result.remove_broken": "Manifests that cannot be read and stay, for their windows have other "
    "objects: {names}; uploading these again with overwriting replaces them.",
    "result.settle": "{count:# left-over|# left-overs} settled: {rows:# row|# rows} out of Bronze, "
    "{reports:# report|# reports} out of quarantine",
    "result.delete": "{count:# file|# files} deleted, with {rows:# row|# rows} of Bronze and "
    "{reports:# report|# reports} in quarantine",
    "result.settle_stay": "{count} stay: settle_deleted.py says why.",
    "result.try": "Dry run, nothing was written: {new:# object|# objects} would be new, "
    "{same:# is|# are} there already, {different:# has|# have} other content.",
    "result.try_conflict": "The upload would be refused until you confirm to overwrite them.",
    "result.backfill": "{count:# window is|# windows are} in Bronze: {orders:# order|# orders} of "
    "{units:# unit|# units}.",
    "result.windows_there": "All windows of {day} are there.",
    "result.refreshed": "{day} is refreshed.",
    "result.airflow": "Airflow refreshed {day}: {count:# task|# tasks} done.",
    # Why a layer was built whole.
    "why_whole.asked": "Full rebuild requested.",
    "why_whole.first": "First build.",
    "why_whole.below": "The layer below was not noted by date.",
    "why_whole.sql": "Its SQL is another than that of the last build.",
    "why_whole.most": "More than half of the business dates changed.",
    "why_whole.columns": "A table is missing, or has other columns than its SQL makes.",
    "why_whole.dependent": "An id stands on two business dates, or an item on another date than "
    "its order.",
    "run.claimed": "Run {run} ({title}) works on {claim}: wait until it ends.",
    # Results of command lines.
    "script.published": "{orders:,# order|,# orders} and {items:,# item|,# items} worth "
    "R$ {value:,.2f} in {place}; files: {files}.",
    "script.new": "{count:,} new",
    "script.same": "{count:,} already there",
    "script.replaced": "{count:,} replaced",
    "script.ingested": "Bronze: {objects:,# object|,# objects}, {rows:,# row|,# rows} loaded",
    "script.ingested_rejected": "{ingested}, {rows:,# row|,# rows} in quarantine "
    "({files:,# file|,# files} whole)",
    "script.left_to_events": "csv-processor takes the new objects to Bronze: "
    "`python scripts/verify_upload.py` waits for them and compares.",
    "script.task": "Task {index} of {count}, {done} of {shards:# shard|# shards}: {result}",
    "script.nothing_loaded": "Bronze: nothing was loaded.",
    "script.nothing_pending": "Bronze: nothing is pending.",
    "script.left": "left: {name}: {reason}",
    # The endings of runs that did not succeed.
    "end.cancelled": "It was cancelled: what was done until then counts.",
    "end.lost": "The process that did the work ended before it was done. Retry it: what is done "
    "counts.",
    "end.stopped": "Whoever started it stopped it before it was done. Retry it: what is done "
    "counts.",
    "end.unexpected": "Something unexpected happened ({kind}): the server's log has the details. "
    "Retry it, or report it.",
    "end.displaced": "Run {run} was {state} and stopped at its next step: what is done counts.",
    "end.checks_failed": "{layer} stayed as it was, since {failed} of its {count} checks failed: "
    "{check} ({rows:# row does|# rows do} not); docs/bronze.md has the way out.",
    "end.windows_failed": "{failed} of {count:# window|# windows} failed, {window} the first: "
    "{error}",
    "end.others_done": "The others are in Bronze.",
    "end.still_wrong": "{count:# object is|# objects are} still not as expected: {name} is "
    "{verdict} ({detail}).",
    "end.airflow": "Airflow did not refresh {day}: {task} failed. {reason} See {address}.",
    "end.airflow_a_task": "a task",
    "words.listed": "{first}; {rest}",
    "state.queued": "queued",
    "state.running": "running",
    "state.cancelling": "cancelling",
    "state.succeeded": "succeeded",
    "state.failed": "failed",
    "state.interrupted": "interrupted",
    "state.cancelled": "cancelled",
    "state.forgotten": "forgotten",
    "step.done": "done",
    "step.comparing": "comparing with what is there",
    "step.compared": "compared",
    "step.layers": "Silver, Gold and aggregations",
    "step.publishing": "publishing",
    "step.published": "published",
    "step.removed": "removed",
    "step.releasing": "releasing held objects",
    "step.looking": "looking at what is there",
    "step.comparing_there": "comparing what is there",
    "step.to_bronze": "{day} to Bronze",
    "step.written_again": "objects written again",
    "step.objects_to_bronze": "objects to Bronze",
    "step.left_overs": "left-overs of deleted objects",
    "step.listing": "listing",
    "step.in_bronze": "in Bronze",
    "step.window": "{day} {hours}",
    "step.airflow": "Airflow: {state}",
}
