"""Settings, processes, and errors of Google's libraries."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "settings.email": "{variable} is {text!r}: use an address such as ana@example.com.",
    "settings.emails": "{variable} has {entry!r}: use addresses such as ana@example.com and "
    "domains such as @example.com, with commas between them.",
    "google.file_is_none": "Cannot use {service}: the file of credentials is not one. {sign_in}",
    "google.not_accepted": "{doing}: the credentials are not accepted. {sign_in}",
    "google.tries": "{doing}, after many tries: {answer}.",
    "google.words": "{doing}: {words}.",
    "google.sign_in_again": "{sentence} {sign_in}",
    "google.roles": "{sentence} Grant the roles of docs/security.md.",
    "google.unreachable": "{doing}: Google's sign-in cannot be reached.",
    "google.no_credentials": "{doing}: there are no credentials that can be used. {sign_in}",
    "google.connection": "{doing}: the connection failed ({kind}).",
    "settings.no_folder": "{text!r} is not the path of a folder: use one such as data or "
    "~/mrhealth.",
    "settings.question_mark": "MRHEALTH_HOME is {home!r}: use a path without a question mark.",
    "settings.half_cloud": "{present} is set and {absent} is not: set both for Google Cloud, or "
    "neither for the embedded default.",
    "settings.choice": "{variable} is {value!r}: use {choices}.",
    "settings.airflow_password": "MRHEALTH_AIRFLOW_URL is set and MRHEALTH_AIRFLOW_PASSWORD is "
    "not: set both, or neither where the panel refreshes by itself.",
    "settings.switch": "{variable} is {value!r}: use 1, or leave it out.",
    "settings.alerts": "MRHEALTH_ALERTS: its address number {place} has no scheme: use "
    "addresses of Apprise such as json://localhost/path, with blanks between them.",
    "settings.example": "{variable} is {value!r}: use {example}.",
    "settings.url": "{variable} is {value!r}: use an address such as {example}.",
    "settings.bytes": "{variable} is {value!r}: use a number of bytes from 1.",
    "settings.prefix": "MRHEALTH_DATASET_PREFIX is {value!r}: use lower-case letters, digits and "
    "underscores, starting with a letter, at most 63 characters.",
    "settings.seconds": "{variable} is {value!r}: use seconds from 0 to 3600.",
    "settings.folder_gone": "The working directory was deleted, so {text!r} leads nowhere: change "
    "to a folder that exists, or use a path that begins at the root.",
    "settings.workers": "{count:# worker is|# workers are} not possible: use 1 to {most}.",
    "settings.workers_folder_gone": "The working directory was deleted, and other processes "
    "cannot begin there: change to a folder that exists, or use --workers 1.",
    "settings.worker_killed": "One of {count} worker processes was killed, as happens when memory "
    "runs out: the same command goes on where this one stopped; fewer --workers need less.",
    "google.sign_in": "Set GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth "
    "application-default login`.",
    "google.answer": "{doing}: {answer}.",
    "google.connection_failed": "the connection failed ({kind})",
    "google.said": "Google answered {said}",
    "doing.use": "Cannot use {name}",
    "doing.list": "Cannot list {name}",
    "doing.look_at": "Cannot look at {name}",
    "doing.read": "Cannot read {name}",
    "doing.write": "Cannot write {name}",
    "doing.write_to": "Cannot write to {name}",
    "doing.delete": "Cannot delete {name}",
    "doing.query": "Cannot query BigQuery",
    "doing.drop": "Cannot drop {name}",
    "doing.make": "Cannot make {name}",
    "doing.look_at_dataset": "Cannot look at the dataset {name}",
    "doing.make_dataset": "Cannot make the dataset {name}",
    "doing.list_tables": "Cannot list the tables of {name}",
    "doing.begin_job": "Cannot begin the job {name}",
    "doing.look_at_job": "Cannot look at the job {name}",
    "doing.begin_a_job": "Cannot begin a job",
    "doing.list_jobs": "Cannot ask BigQuery for its jobs",
    "doing.time": "Cannot ask {name} for the time",
    "doing.sign_in": "Cannot sign in to Google Cloud",
    "doing.read_log": "Cannot read the log of {name}",
    "doing.see_schedule": "Cannot look at the schedule {name}",
    "doing.pause_schedule": "Cannot pause the schedule {name}",
    "doing.resume_schedule": "Cannot resume the schedule {name}",
    "doing.run_schedule": "Cannot run the schedule {name}",
}
