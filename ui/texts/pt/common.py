"""What every page has, tables' columns, and descriptions of charts."""

from core.reconcile.compare import Verdict

APP = "MR. Health"

# The pages, by their names.
TITLES = {
    "overview": "Visão geral",
    "generate": "Gerar",
    "bronze": "Bronze",
    "rebuild": "Reconstruir",
    "schedule": "Agendamento",
    "storage": "Armazenamento",
    "runs": "Execuções",
    "scenarios": "Cenários",
    "usage": "Consumo",
    "diagnostics": "Diagnóstico",
}
SUBTITLES = {
    "overview": "Um dia de vendas, dos pedidos à Gold.",
    "generate": "Vendas das janelas de uma data: veja antes, depois grave arquivos ou envie.",
    "bronze": "O que chegou, diante do que deveria ter chegado.",
    "rebuild": "Silver, Gold e agregações, refeitas a partir da Bronze, com suas verificações.",
    "schedule": "Quando as próximas janelas são geradas, por quem, e o que resultou disso.",
    "storage": "Os objetos, manifestos e a quarentena do bucket, até cada linha.",
    "runs": "Tudo o que foi iniciado, por quem, e o que resultou disso.",
    "scenarios": "Planeje falhas, publique-as e dê nota a um pipeline pelo gabarito.",
    "usage": "O que a plataforma consome da cota gratuita do Google, e o que custa além dela.",
    "diagnostics": "Verificações de saúde, e como corrigir o que falha.",
}

# What every page has.
LOCAL = "Local: {folder}"
LOCAL_HELP = "Objetos, tabelas e execuções estão nesta pasta. Apagá-la zera tudo."
CLOUD = "{project} / {bucket} / {prefix}"
EMULATED = "{place} (emulado)"
CLOUD_HELP = (
    "{place}: os objetos estão no bucket deste projeto, as tabelas nos datasets com este prefixo. "
    "O histórico de execuções está em {folder}, neste servidor."
)
UNEXPECTED = (
    "Algo inesperado aconteceu; o log do servidor tem os detalhes. "
    "Recarregue a página; se persistir, relate com a hora: {time}."
)
TRY_AGAIN = "Tentar de novo"
AS_TABLE = "O gráfico como tabela"
BUSINESS_DAY = "Dia de vendas"
UNITS = "Unidades"
SEED = "Semente"
FIELD_WHOLE = "{label}: {value} não é possível. Informe um número inteiro de {least} a {most}."
FIELD_DAY = "{label}: {value} não é possível. Informe uma data de {first} a {last}."
SEED_HELP = "A mesma semente dá os mesmos dados, a quem quer que peça e quantas vezes for."
SWITCH_HELP = "Mostrar o painel em português"
BELL = "{count:# incidente|# incidentes}"
BELL_SINCE = "Desde {moment}, {age}"
BELL_MORE = "E mais {count}: `python scripts/alerts.py list` mostra todos."
BELL_NONE = "Nenhum incidente aberto."

# Moments as seen from now.
TIME_JUST_NOW, TIME_NOW = "agora mesmo", "agora"
TIME_AGO, TIME_IN = "há {length}", "em {length}"
TIME_DAYS = "{count:# dia|# dias}"

# Tables' columns.
DAY, WINDOW, HOURS, NAME, STATE = "Dia", "Janela", "Horário", "Nome", "Estado"
ORDERS, ITEMS = "Pedidos", "Itens"
EXPECTED, IN_BRONZE, DIFFERENCE = "Esperado", "Na Bronze", "Diferença"
TABLE, UNIT, REJECTED, DETAIL = "Tabela", "Unidade", "Rejeitadas", "Detalhe"
ORDERS_PER_UNIT = "Pedidos por unidade"

# Windows, by their tags; the catalog's own names, in English, where none is here.
WINDOW_NAMES: dict[str, str] = {
    "window_1012": "Abertura da manhã",
    "window_1214": "Pico do almoço",
    "window_1416": "Calmaria da tarde",
    "window_1618": "Fim de tarde",
    "window_1820": "Pico do jantar",
    "window_2022": "Desaceleração da noite",
    "window_2224": "Fim de noite",
}
BULK_WINDOW = "dia inteiro"
PARQUET_WINDOW = "todas as unidades (Parquet)"
PARQUET_UNITS = "todas"
VERDICTS = {
    Verdict.IN_BRONZE: "na Bronze",
    Verdict.NOT_DUE: "ainda não esperada",
    Verdict.UPLOADED: "enviada",
    Verdict.GENERATED: "gerada",
    Verdict.MISSING: "ausente",
    Verdict.QUARANTINED: "em quarentena",
    Verdict.MISMATCH: "divergente",
    Verdict.DUPLICATED: "duplicada",
    Verdict.MIXED: "em lote e incremental misturados",
}
NEVER_GENERATED, COMING = "nunca gerada", "a seguir"
SIGNS = {
    Verdict.IN_BRONZE: "✓",
    Verdict.NOT_DUE: "·",
    Verdict.UPLOADED: "↑",
    Verdict.GENERATED: "□",
    Verdict.MISSING: "○",
    Verdict.QUARANTINED: "!",
    Verdict.MISMATCH: "≠",
    Verdict.DUPLICATED: "2x",
    Verdict.MIXED: "⚠",
}

# Descriptions of charts for people who cannot see them, and what is shown on a mark.
MARK_ORDERS = "{actual} de {expected} pedidos"
ALT_GROWTH = "{table} na Bronze, acumulados pelas janelas de {day}: {actual} de {expected}."
ALT_DAYS = "{table} na Bronze ao lado do esperado, em {count:# dia de vendas|# dias de vendas}."
ALT_MAP = (
    "Situação de cada janela de {count:# dia de vendas|# dias de vendas}; {fine:# está|# "
    "estão} na Bronze como esperado."
)
ALT_PREVIEW = (
    "Pedidos e itens esperados de {count:# janela|# janelas}: {orders:# pedido|# pedidos}, "
    "{items:# item|# itens}."
)
ALT_GOLD = "Receita de {count:# dia de vendas|# dias de vendas} na Gold, online e na loja."
PAGE_OF = "{first} a {last} de {count}: {per_page} por página."
