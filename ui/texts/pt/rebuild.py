"""Rebuild."""

LAYER_NAMES = {"bronze": "Bronze", "silver": "Silver", "gold": "Gold", "aggregations": "Agregações"}
WILL_BE_REBUILT = "{count:será reconstruída|serão reconstruídas}"
# Of one layer, or of the aggregations, which are many.
UP_TO_DATE, BEHIND = "{count:em dia|em dia}", "{count:atrasada|atrasadas}"
NOT_BUILT, SOURCE = "{count:não construída|não construídas}", "origem"
REBUILD_ONE = "Reconstruir {layer}"
REBUILD_ALL = "Reconstruir tudo"
REBUILD_HELP = "Tudo ou nada em cada camada: se uma verificação falha, a camada fica como estava."
NEWEST = "ingestão em {when}"
ORDERS_IN = "{count:# pedido|# pedidos}"
NO_REBUILD = (
    "Ainda não houve reconstrução por este painel. As tabelas e verificações aparecerão aqui."
)
TABLES_BUILT = "Tabelas"
CHECKS = "Verificações"
TABLE_COLUMNS = ("Tabela", "Antes", "Depois", "Variação")
CHECK_COLUMNS = ("", "O que deve valer", "Linhas em falha", "Camada")
PASSED, FAILED = "✓", "✗"
FAILING = "Linhas em falha: {sentence}"
GOLD_COLUMNS = (
    "Dia", "Pedidos", "Online", "Na loja", "Receita (R$)", "Pedido médio (R$)", "Unidades",
    "Cancelados (%)",
)  # fmt: skip
EMPTY_GOLD = (
    "A Gold ainda não tem vendas diárias: pressione **Reconstruir tudo** quando a Bronze tiver "
    "pedidos."
)
EMPTY_WAREHOUSE = (
    "O warehouse está vazio. Vá a **Gerar** para enviar uma janela, ou simule um dia em "
    "**Visão geral**; depois reconstrua."
)
ONLINE, IN_STORE = "Online", "Na loja"

# Why a layer is behind.
BEHIND_BY = "{count:# objeto chegou|# objetos chegaram} à Bronze desde que ela foi construída."
BEHIND_REMOVED = "{count:# objeto saiu|# objetos saíram} da Bronze desde que ela foi construída."
BEHIND_REPLACED = "Objetos da Bronze foram substituídos desde que ela foi construída."
BEHIND_UNKNOWN = "Não se sabe de que ela foi construída: reconstrua uma vez."
WOULD_READ = (
    "Reconstruir todas as camadas leria {bytes} do BigQuery, por completo {full}, segundo um "
    "teste sem gravar."
)

# Which business days a rebuild made, and why all of them.
NOT_REBUILT = "última reconstrução falhou"
NOT_PUBLISHED = (
    "**{layer}**: não publicada, pois {count:# verificação falha|# verificações falham}; as "
    "tabelas são as de antes."
)
NOTHING_CHANGED = (
    "A Bronze não mudou desde que as camadas foram construídas, por isso nenhum dia foi "
    "reconstruído. **Reconstrução completa** constrói todos os dias, o que quer que tenha mudado."
)
INGEST_AGAIN = "Ingerir de novo a unidade {unit}, {window}"
DATES_BUILT = "**{layer}**: dias de vendas reconstruídos: {count}."
DATES_ALL = "**{layer}**: todos os dias de vendas reconstruídos. {why}"

# Lineage and Gold.
LINEAGE = "Da Bronze à Gold"
LINEAGE_NOTE = "Como diz o SQL de cada tabela: uma linha leva de uma tabela ao que se faz dela."
LINEAGE_READS, LINEAGE_SOURCE = "feita de", "os objetos do bucket"
LINEAGE_COLUMNS = ("Tabela", "Camada", "Feita de")
ALT_LINEAGE = "{count:# tabela|# tabelas} da Bronze às agregações, e qual é feita de qual."
GOLD_HEADING = "Um olhar na Gold"
BY_DAY, BY_STATE, BY_PRODUCT, ROWS_OF_TABLE = "Por dia", "Por estado", "Por produto", "Tabelas"
REVENUE_AXIS = "Receita (R$)"
QUANTITY = "Unidades vendidas"
STATE_COLUMNS = ("Estado", "Pedidos", "Receita (R$)", "Unidades")
PRODUCT_COLUMNS = ("Produto", "Pedidos", "Receita (R$)", "Unidades vendidas")
ALT_STATE = "Receita de {count:# estado|# estados} em todos os dias; {first} tem a maior."
ALT_PRODUCT = (
    "Receita {count:do produto mais vendido|dos # produtos mais vendidos}; {first} é o primeiro."
)
GOLD_TABLE = "Tabela da Gold"
FIRST_OF_TABLE = "{count:A primeira linha|As primeiras # linhas}"

# The refresh of a date, and Airflow.
REBUILD_FULL = "Reconstrução completa"
REBUILD_FULL_HELP = "Todas as datas, não só aquelas cujas linhas mudaram na Bronze."
REFRESH_BY_AIRFLOW = (
    "O Airflow em {url} faz o trabalho: a DAG {dag}, para um dia de vendas, das janelas às "
    "agregações."
)
REFRESH_HERE = (
    "Nenhum Airflow está configurado, então o próprio painel reconstrói. docs/AIRFLOW_SETUP.md diz "
    "como ter um."
)
REFRESH_START = "Atualizar pelo Airflow"
REFRESH_PAUSED = "A DAG está desligada no Airflow, então nada dela seria executado."
REFRESH_SWITCH_ON = "Ligar a DAG"
REFRESH_SWITCHED_ON = (
    "A DAG está ligada; o Airflow também executa a data cuja hora passou por último."
)
REFRESH_WITHOUT = "Reconstruir aqui, sem o Airflow"
REFRESH_TASKS = "Tarefas da DAG"
REFRESH_OPEN = "Abrir a execução no Airflow"
REFRESH_NOT_BEGUN = "não iniciada"

# Seu ritmo.
LAST_WEEK = "A semana mais recente e a anterior"
LAST_WEEK_NONE = "A Gold não tem nada de {first} a {last} com que comparar a semana mais recente."
LAST_WEEK_SUM = (
    "{first} a {last}: {revenue}; a semana anterior: {revenue_before}, portanto {change}, "
    "{count:no dia|nos # dias} da semana que ambas têm."
)
LAST_WEEK_TODAY = "{day} ainda está em andamento e fica fora da comparação."
ALT_LAST_WEEK = (
    "Receita por dia de {first} a {last}, {revenue}, e da semana anterior, {revenue_before}, "
    "{count:no dia|nos # dias} da semana que ambas têm."
)
WEEK_NEWEST, WEEK_EARLIER = "Semana mais recente", "Semana anterior"
LAST_WEEK_COLUMNS = ("Dia da semana", "Data", "Receita (R$)", "Uma semana antes (R$)")
YEAR = "Ano"
YEAR_NOTE = "Pedidos de cada dia, uma coluna por semana."
YEAR_COLUMNS = ("Data", "Dia da semana", "Pedidos", "Receita (R$)")
ALT_YEAR = (
    "Pedidos de {count:# dia|# dias} de {year} na Gold, uma coluna por semana; {best} tem mais, "
    "{orders}."
)
