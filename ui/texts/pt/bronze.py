"""Bronze."""

# Bronze.
DAYS = "Dias até esta data"
ROWS = "Linhas"
TABLES = {"orders": "Pedidos", "order_items": "Itens"}
INGEST = "Ingerir o que está pendente"
INGEST_HELP = "Leva para a Bronze cada objeto cuja geração atual ainda não está lá."
DEVIATE = "Janelas que não estão na Bronze como esperado: {count} de {total} ({verdicts})."
OF_ORDERS = "{actual} / {expected} pedidos"
STRANGERS = (
    "Objetos que não pertencem a nenhuma janela e por isso vão para a quarentena: {count}, "
    "por exemplo {first}."
)
PENDING = "{count} objetos destes dias aguardam a ingestão."
GROWTH_OF = "{table} de {day}, acumulados ao longo das janelas"
DAYS_OF = "{table} por dia comercial"
STATUS_MAP = "Situação por janela e dia"
STATUS_HINT = "Selecione uma marca, ou um dia e uma janela abaixo, para ver os objetos."
LINES_OF = "Objetos de {day}, {hours}"
ONLY_DEVIATIONS = "Só o que não está na Bronze como esperado"
NO_LINES = "Tudo desta janela está na Bronze como esperado."
ALL_FINE = "Tudo o que já era devido nestes dias está na Bronze como esperado."
EMPTY_BRONZE = (
    "A Bronze ainda não tem nada destes dias. Vá a **Gerar** para enviar uma janela, "
    "ou simule um dia em **Visão geral**."
)
