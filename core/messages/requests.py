"""Requests that are not valid."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "request.verify_one_date": "An upload is verified by the windows of one date: name one date.",
    "request.wait": "A wait of {wait_s:g} s is not possible: use 0 to {most:g}.",
    "request.backfill_no_window": "A backfill needs at least one window.",
    "request.unit": "Unit {unit} does not exist: units are 1 to {most}.",
    "request.not_begun": "{day} has not begun: refresh {last} or a date before it.",
    "request.gaps": "Gaps are {gaps!r}: use {choices}.",
    "request.days": "{days:# day is|# days are} not possible: look at 1 to {most}.",
    "request.table": "Gold has no table {table!r}: use one of {tables}.",
    "request.rows": "{limit:# row is|# rows are} not possible: use 1 to {most}.",
    "request.nothing_to_fill": "Nothing is to be done from {first} to {last}: no window that is "
    "due is as the mode asks for.",
    "request.cannot_retry": "Run {run} cannot be retried: name a run that has ended.",
    "request.parameter": "Run {run} has a parameter that this version does not know, "
    "{parameter!r}: it knows {known}.",
    "request.layers": "Layers are {given}: choose from {layers}.",
    "request.step": "{step!r} is not a step of the refresh: use {steps}.",
    "request.nothing_to_remove": "There is nothing to remove: that run made no objects.",
    "request.window_unknown": "The window {window} is not in the catalog: it has {known}.",
    "request.simulate_one_date": "A simulation plays the windows of one date: name one date.",
    "request.pause": "A pause of {pause_s:g} s is not possible: use 0 to {most:g}.",
    "request.load_jobs": "Loading this takes about {wanted:,} load jobs a table, and BigQuery "
    "takes {most:,} a day: use --format parquet, which takes one a date, or fewer dates, or leave "
    "out --load.",
    "request.function": "{function!r} is not a function: choose one of {functions}.",
    "request.lines": "{limit:# line is|# lines are} not possible: ask for 1 to {most}.",
    "request.parquet_dates": "A Parquet file has one date and {count} were asked for: publish "
    "them one by one.",
    "request.preview": "{count:,} pairs of files are too many to look at beforehand: use {most:,} "
    "or fewer, or the command line.",
    "request.reference": "{kind!r} is not reference data: use {kinds}.",
    "request.nothing_to_write": "Nothing is to be written: name at least one unit.",
    "request.no_sales_object": "{name!r} is not the name of a sales object.",
    "request.not_loaded_again": "{name} is not loaded again. {reason}",
    "request.empty": "A request needs at least one date and one unit.",
    "request.orders": "{fewest} to {most} orders a day are not possible: use 0 to {limit}, the "
    "smaller number first.",
    "request.tasks": "{count:# task is|# tasks are} not possible: use 1 or more.",
    "request.task": "Task {index} of {count} does not exist: use 0 to {last}.",
    "request.month": "{text!r} is not a month: write YYYY-MM, such as 2026-02.",
    "request.month_range": "{month} is out of range: months run from {first:%Y-%m} to "
    "{last:%Y-%m}.",
    "request.region": "{region!r} is not a region: use one such as us-central1.",
    "request.no_window": "{start}-{end} is not a business window: choose one of {known}.",
    "request.date_range": "{day} is out of range: dates run from {first} to {last}.",
    "request.units": "{units:# unit is|# units are} not possible: ask for 1 to {most}.",
    "request.seed": "Seed {seed} is not possible: use a whole number from 0 to {most}.",
    "request.backwards": "The range runs backwards: {last} comes before {first}.",
    "request.no_date": "{text!r} is not a date: write YYYY-MM-DD, such as 2026-02-01.",
    "request.units_unknown": "{count:# window is|# windows are} not there, and no manifest of "
    "{days} says for which units: say how many (--units, or the DAG's parameter units).",
    "request.day_and_more": "{day} and of {count:# more date|# more dates}",
    "daily.gaps": "{count:# window|# windows} of {day} {count:is|are} not there: {gaps}.",
    "daily.waited_for": "They are waited for.",
    "daily.generate": "Generate them (scripts/backfill.py), or let gaps be filled.",
    "daily.differs": "{day} differs between {place} ({counts}) and {other} ({others}): rebuild "
    "it, with `--full` if that repeats.",
    "daily.same": "{day} is the same from the manifests to the aggregations: {counts}.",
    "daily.faults": "{count:# object|# objects} of {day} {count:is|are} not as expected: {listed}.",
    "daily.faults_and_more": "{count:# object|# objects} of {day} {count:is|are} not as expected: "
    "{listed}; and {more} more.",
    "daily.counts": "{orders:,# order|,# orders}, {items:,# item|,# items}",
    "daily.counts_revenue": "{orders:,# order|,# orders}, {items:,# item|,# items}, R$ "
    "{revenue:,.2f}",
    "request.number": "{number} {what} are not possible: use 0 to {most}.",
    "arrival.what": "{day} {windows} of {units:,# unit|,# units}",
    "arrival.arrived": "Arrived: {what} is in Bronze, {orders:,# order|,# orders} and {items:,# "
    "item|,# items} from {objects:,# object|,# objects} ({size:,} bytes).",
    "arrival.state": "{what}: {objects:,} of {all_objects:,# object is|,# objects are} in the "
    "bucket ({verdicts}); Bronze has {orders:,} of {all_orders:,# order|,# orders} and {items:,} "
    "of {all_items:,# item|,# items}",
    "arrival.differs": "Differs: {state}; {objects}.",
    "arrival.not_yet": "Not yet: {state}.",
    "arrival.wait_longer": "csv-processor has not taken all of them yet: wait longer, or look at "
    "`python scripts/logs.py {function}`.",
    "arrival.ingest": "`python scripts/ingest_pending.py` takes them to Bronze.",
    "arrival.upload": "Upload the window to fill what is missing: nothing is written twice.",
    "arrival.not_begun": "The window has not begun.",
}
