"""The warehouse and its files."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "files.nothing_aside": "{file} não existe: não há nada a pôr de lado.",
    "files.cannot_aside": "Não é possível pôr {file} de lado: {reason}.",
    "files.in_use": "{file} está em uso por outro processo: encerre-o antes, ou espere por ele.",
    "files.unusable": "Não é possível usar {file} ({what}): {error}.",
    "files.disk": "Não é possível ver o disco de {place}: {reason}.",
    "files.cannot_write": "Não é possível gravar em {folder}: {reason}.",
    "files.no_credentials": "O arquivo de credenciais não é um.",
    "files.history": "Não é possível usar o histórico de execuções {path}: {reason}.",
    "files.schedule_lock": "Não é possível usar a trava do agendamento {path}: {reason}.",
    "files.schedule_version": "O plano do agendamento não é desta versão: {error}.",
    "files.schedule_plan": "Não é possível usar o plano do agendamento {path}: {reason}.",
    "warehouse.not_built": "A camada {layer} lê {table}, que ainda não foi construída: execute "
    "antes `{command}`.",
    "warehouse.not_confirmed": "Um arquivo avaliado em outro lugar não foi confirmado aqui: "
    "carregue-o de novo.",
    "warehouse.other_bucket": "{dataset} é carregado do bucket {first}, não de {bucket}: objetos "
    "do mesmo nome seriam confundidos. Defina GCS_BUCKET_NAME como {first}, ou "
    "MRHEALTH_DATASET_PREFIX como um prefixo só de {bucket}.",
    "warehouse.no_origin": "Não foi possível gravar {table} agora.",
    "warehouse.not_loaded": "{count:# objeto não pôde ser carregado|# objetos não puderam ser "
    "carregados} agora: {words}",
    "warehouse.table_gone": "A tabela {table} desapareceu durante o uso.",
    "warehouse.published_at_once": "Outra pessoa publicou a camada {layer} ao mesmo tempo: {error}",
    "warehouse.most_bytes": "Uma consulta leria mais de {most:,} bytes, o máximo que "
    "MRHEALTH_MAX_BYTES permite: permita mais, ou peça menos.",
    "warehouse.no_table": "A tabela {table} não existe.",
    "warehouse.job_taken": "O job {job} já existe e ainda não pode ser visto.",
    "warehouse.job_running": "O job {job} ainda está em andamento.",
    "warehouse.load_not_begun": "A carga {batch} que reservou o objeto não começou.",
    "warehouse.log_alone": "{log} {fault}: ponha-o de lado, ou o arquivo de volta.",
    "warehouse.unusable": "Não é possível usar o warehouse {path}: {reason}.",
    "warehouse.folder": "Não é possível criar a pasta {folder}: {reason}",
    "warehouse.log_without_file": "é o log de um arquivo do warehouse que não existe",
    "warehouse.busy": "O warehouse {path} está em uso por {holder} há mais de {wait_s:g} s: tente "
    "de novo quando terminar, ou permita mais tempo com MRHEALTH_WAIT_S.",
    "warehouse.another_task": "outra tarefa deste processo",
    "warehouse.other_tasks": "outras tarefas deste processo",
    "warehouse.another_process": "outro processo",
    "warehouse.process": "o processo {process:d} ({name})",
    "warehouse.job_failed": "O job {job} falhou: {reason} ({words}).",
    "sql.not_for": "o sqlglot não consegue escrever isto para {engine}: {error}.",
    "sql.no_statement": "Isto não é um comando GoogleSQL: {error}",
    "sql.one": "{count:Veio # comando|Vieram # comandos}: escreva um comando por arquivo.",
    "sql.no_create": "O comando de {table} não é um CREATE TABLE ... AS SELECT.",
    "sql.refused": "{sql} {why}: escreva de outro modo, ou acrescente uma regra em "
    "core/warehouse/dialect, com o seu caso em tests/warehouse/test_dialect.py.",
    "files.schedule_plan_name": "plano do agendamento",
    "files.history_name": "histórico de execuções",
}
