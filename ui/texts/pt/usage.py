"""Usage."""

USAGE_MONTH = "Mês"
USAGE_LOOK_AGAIN = "Atualizar"
USAGE_LOOK_HELP = (
    "Consulta de novo o bucket, as tabelas e as execuções. Uma resposta é guardada por um minuto."
)
USAGE_LOOK_COST = (
    "Contado pelo momento em que aconteceu, como numa fatura, e não pelo dia de vendas. No Google "
    "Cloud, consultar um mês custa {count} operações de Classe A, para listar suas pastas, e uma "
    "consulta ao registro de objetos; a resposta é guardada por um minuto."
)
USAGE_RESOURCES = {
    "scheduler_jobs": "Jobs do Cloud Scheduler",
    "function_calls": "Chamadas de funções",
    "storage_bytes": "Cloud Storage, armazenado",
    "class_a": "Operações de Classe A",
    "class_b": "Operações de Classe B",
    "table_bytes": "BigQuery, armazenado",
    "query_bytes": "BigQuery, consultado",
}
USAGE_COUNTED = {
    "jobs": ("job", "jobs"),
    "calls": ("chamada", "chamadas"),
    "operations": ("operação", "operações"),
    "GiB": ("GiB", "GiB"),
    "TiB": ("TiB", "TiB"),
}

# What happened.
USAGE_HAPPENED = "O que aconteceu em {month}"
USAGE_EMPTY = (
    "Nada chegou à Bronze em {month}, e nenhuma venda das suas datas está no bucket. Envie uma "
    "janela em **Gerar**, ou simule um dia em **Visão geral**; o que um plano consumiria está "
    "abaixo de qualquer forma."
)
USAGE_WINDOWS, USAGE_ARRIVED = "Janelas", "Objetos na Bronze"
USAGE_ROWS, USAGE_RAN = "Linhas carregadas", "Reconstruções"
USAGE_IN_BUCKET = (
    "No bucket, dos dias de vendas deste mês: {objects:# objeto de vendas|# objetos de "
    "vendas} ({size}), dos quais "
    "{waiting:# espera|# esperam} pela Bronze; {manifests:# manifesto|# manifestos}; "
    "{quarantine:# objeto|# objetos} em quarentena. "
    "O agendador desta máquina chamou {ticks:# vez|# vezes}."
)
USAGE_SO_FAR = "Até agora"
USAGE_RESOURCE = "Recurso"
USAGE_MONTH_COLUMNS = ("Recurso", "Mês inteiro", "Grátis por mês", "Parcela", "Custo além disso")
USAGE_PLAN_COLUMNS = ("Recurso", "Por mês", "Grátis por mês", "Parcela", "Custo além disso")
USAGE_TOTAL = "No total"
USAGE_DONE = (
    "{part} das janelas do mês já começaram; o mês inteiro é o que resulta se continuar nesse "
    "ritmo."
)
USAGE_NOT_BILLED = (
    "Nada é cobrado aqui: são as quantidades que o mesmo trabalho consome no Google Cloud."
)
USAGE_TABLES_ESTIMATED = (
    "Os bytes das tabelas resultam do número de linhas e do tamanho usual de uma linha."
)
USAGE_QUERIES_ESTIMATED = (
    "Os bytes das consultas são os das reconstruções no histórico de execuções, com o tamanho "
    "atual das tabelas."
)
USAGE_NO_LIMIT = "nada é grátis"

# A plan.
USAGE_WHAT_IF = "Quanto consumiria?"
USAGE_REBUILDS = "Reconstruções por dia"
USAGE_REBUILDS_HELP = (
    "Uma reconstrução de Silver, Gold e agregações cita {tables} tabelas {reads} vezes no total, e "
    "cada vez é cobrada por pelo menos 10 MiB."
)
USAGE_EARLIER = "Dias já armazenados"
USAGE_EARLIER_HELP = "Dias de vendas que estão no bucket e nas tabelas quando o mês começa."
USAGE_FREE_REGION = "Bucket em região com cota gratuita"
USAGE_FREE_REGION_HELP = (
    "O Cloud Storage só é gratuito, até seus limites, em us-central1, us-east1 e us-west1. Nas "
    "outras regiões cada operação e cada byte custa; os preços mostrados são os dessas três."
)
USAGE_PLAN_SAYS = "{days:# dia|# dias} com {windows:# janela|# janelas} cada."
USAGE_ALL_FREE = (
    "**{units:# unidade não custa|# unidades não custam} nada:** tudo cabe nos limites gratuitos."
)
USAGE_COSTS = (
    "**{units:# unidade custa|# unidades custam} {cost} por mês.** Além do limite gratuito: {over}."
)
USAGE_SHARES = "Parcela de cada limite gratuito"
USAGE_THE_PLAN, USAGE_THE_MONTH = "Este plano", "O mês acima"
USAGE_FREE_LINE = "grátis até aqui"
USAGE_ALT_SHARES = "Parcela de cada limite gratuito que o plano usa: {shares}."
USAGE_COST_BY_UNITS = "Custo por mês conforme o número de unidades"
USAGE_COST, USAGE_CROSSING = "Custo por mês", "Um limite gratuito é ultrapassado"
USAGE_CHOSEN = "Este plano"
USAGE_UNITS_AXIS, USAGE_DOLLARS_AXIS = "Unidades", "Por mês"
USAGE_CROSSED = "Limites gratuitos são ultrapassados por {list}."
USAGE_FROM_UNITS = "{name} a partir de {units:# unidade|# unidades}"
USAGE_LIST_JOIN = "; "
USAGE_NONE_CROSSED = "Nenhum limite gratuito é ultrapassado com até {units:# unidade|# unidades}."

# The guide's table.
USAGE_GUIDE = "A tabela do guia"
USAGE_GUIDE_PLAN = "{units} unidades, {days} dias, uma reconstrução por dia."
USAGE_GUIDE_COLUMNS = (
    "Recurso", "Guia: este recurso", "Guia: plataforma toda", "Limite", "Calculado aqui",
)  # fmt: skip
USAGE_OUR_CALLS = "{generator} gerador + {processor} csv-processor"
USAGE_GUIDE_WHY = """\
- **Chamadas:** o guia conta um objeto por unidade e janela. São dois, pedidos e itens, ou seja,
  {objects} objetos por mês; com os manifestos das janelas, csv-processor é chamada {calls} vezes.
- **Faltam as operações de Classe A na tabela do guia**, e são o primeiro limite ultrapassado: cada
  objeto gravado e cada listagem é uma, {class_a} no total, diante de 5.000 gratuitas.
- **Armazenamento:** o que o mês acrescenta, com os manifestos.
- **Consultas:** cada tabela que uma consulta cita é cobrada por pelo menos 10 MiB, e uma
  reconstrução cita tabelas {reads} vezes, com as verificações e a publicação."""

# Prices.
USAGE_PRICES = "Preços"
USAGE_PRICE_COLUMNS = (
    "Recurso", "Grátis por mês", "Onde é grátis", "Preço além disso", "Lido", "Fonte",
)  # fmt: skip
USAGE_PRICE = "US$ {usd} por {per}"
USAGE_EVERYWHERE = "em toda parte"
USAGE_NOT_COUNTED = (
    "Os limites gratuitos são de uma conta de faturamento, divididos por todos os seus projetos. "
    "Não contados aqui: os segundos em que as funções executam, rede, logs, as imagens das funções "
    "e as perguntas que pessoas fazem ao painel."
)
