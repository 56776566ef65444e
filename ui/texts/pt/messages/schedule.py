"""The schedule and Airflow."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "airflow.answers": "O Airflow em {url} responde {status:d}.",
    "airflow.refuses": "O Airflow em {url} recusa: {reason}",
    "airflow.no_token": "{url} não é um Airflow 3: não dá token em /auth/token.",
    "airflow.no_json": "{url} não é um Airflow 3: não responde em JSON.",
    "airflow.not_let_in": "O Airflow em {url} não deixa {user!r} entrar ({status:d}): veja "
    "MRHEALTH_AIRFLOW_USER e MRHEALTH_AIRFLOW_PASSWORD.",
    "airflow.none": "Não há Airflow: defina MRHEALTH_AIRFLOW_URL, ou atualize aqui.",
    "airflow.switched_off": "A DAG está desligada no Airflow em {url}: ligue-a lá, ou na página "
    "Reconstruir, e tente de novo.",
    "schedule.on_cloud": "No Google Cloud o agendamento é do Cloud Scheduler: veja-o com `python "
    "scripts/schedule.py`, ou remova GCP_PROJECT_ID e GCS_BUCKET_NAME.",
    "schedule.none": "Não há o agendamento {job} em {region} de {project}: crie-o com {deploy}, e "
    "ative o Cloud Scheduler com {enable} se isso falhar.",
    "schedule.not_enabled": "{project} não usa o Cloud Scheduler: ative-o com {enable} e depois "
    "crie o agendamento com {deploy}.",
    "airflow.unreachable": "O Airflow em {url} não pode ser alcançado ({kind}): inicie-o, ou veja "
    "MRHEALTH_AIRFLOW_URL.",
    "airflow.no_run": "O Airflow em {url} não tem (mais) essa execução de {dag}.",
    "airflow.no_dag": "O Airflow em {url} (ainda) não tem a DAG {dag}: docs/AIRFLOW_SETUP.md diz "
    "onde ele a procura.",
    "schedule.taken_now": "Outro processo faz as chamadas do agendamento em {home}.",
    "schedule.taken": "O processo {process:d} ({place}) faz as chamadas do agendamento em {home} "
    "desde {day} {time} BRT: pare-o lá antes.",
    "schedule.the_panel": "o painel",
    "schedule.never": "Ainda não houve chamada.",
    "schedule.succeeded": "A última chamada deu certo.",
    "schedule.failed": "A última chamada falhou: {reason}.",
    "schedule.at_work": "A execução {run:d} está em andamento.",
    "schedule.result": "Execução {run:d}: {result}",
    "schedule.error": "A execução {run:d} ({state}): {error}",
}
