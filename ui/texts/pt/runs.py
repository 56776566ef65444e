"""Runs."""

# Runs.
RUN_STATES = {
    "queued": "na fila",
    "running": "em andamento",
    "succeeded": "concluída",
    "failed": "falhou",
    "interrupted": "interrompida",
}
RETRY = "Tentar de novo"
OVERWRITE = "Substituir…"
OVERWRITE_TITLE = "Substituir o que está lá?"
OVERWRITE_BODY = (
    "Já existem objetos destas janelas com outro conteúdo. A substituição os troca {place}; "
    "{consequence}"
)
OVERWRITE_BUCKET = ("no bucket", "a Bronze passa a ter as linhas novas no lugar das antigas.")
OVERWRITE_FOLDER = ("na pasta de saída", "o bucket não é tocado.")
OVERWRITE_CONFIRM = "Substituir"
CANCEL = "Cancelar"
RUN_LINE = "Execução {run} · {state} · {when} · {took} · log"
RUN_WAITING = "Aguardando a sua vez"
RECENT_RUNS = "Execuções recentes"
NO_RUNS = (
    "Ainda não houve execuções. Tudo o que for iniciado por este painel aparece aqui, com o "
    "resultado."
)
RUN_COLUMNS = ("Execução", "O quê", "Estado", "Início", "Duração", "Resultado")
FAILED_TITLE = "**{title}** {state}. {error}"
