"""Bronze."""

DAYS = "Últimos N dias"
ROWS = "Linhas"
TABLES = {"orders": "Pedidos", "order_items": "Itens"}
INGEST = "Ingerir o que está pendente"
INGEST_HELP = "Carrega na Bronze cada arquivo novo ou alterado."
DEVIATE = "{count:# janela requer|# janelas requerem} atenção ({verdicts})."
NEVER_MADE = "{count:# destas janelas nunca foi gerada|# destas janelas nunca foram geradas}."
OF_ORDERS = "{actual} / {expected} pedidos"
UNREADABLE = (
    "{count:# entrada do bucket não pode ser lida, e não é carregada: |# entradas do bucket não "
    "podem ser lidas, e não são carregadas, como }{first}: {reason}."
)
STRANGERS = (
    "{count:# arquivo desconhecido no bucket: |# arquivos desconhecidos no bucket, como }{first}. "
    "{count:Ele não é carregado|Eles não são carregados}."
)
PENDING = "{count:# objeto|# objetos} destes dias {count:aguarda|aguardam} a ingestão."
GROWTH_OF = "{table} de {day}, acumulados ao longo das janelas"
DAYS_OF = "{table} por dia de vendas"
STATUS_MAP = "Situação por janela e dia"
STATUS_HINT = "Selecione uma marca, ou um dia e uma janela abaixo, para ver os objetos."
LINES_OF = "Objetos de {day}, {hours}"
ONLY_DEVIATIONS = "Só o que não está na Bronze como esperado"

# The map of units, and the selection on it.
DRILL_ALL = "todas"
DRILL_UNIT = "{objects}, unidade {unit}"
UNIT_MAP = "Unidades e janelas de {day}"
UNIT_MAP_HINT = (
    "Selecione uma marca, ou uma janela e uma unidade acima, para ver os dois objetos e "
    "suas linhas."
)
UNIT_MAP_FINE = "Todas as unidades deste dia estão na Bronze como esperado."
ALT_UNIT_MAP = (
    "Situação de cada janela das unidades {first} a {last}; {fine} de {count} estão na Bronze "
    "como esperado."
)
CELL_HINT = "Escolha uma unidade para ver as linhas dos arquivos ao lado das linhas na Bronze."
CELL_TABLE = "Linhas de"
CELL_FILE, CELL_BRONZE = "Linhas do arquivo", "Linhas na Bronze"
CELL_NO_FILE = "O bucket não tem este arquivo."
CELL_IN_STORAGE = "O arquivo em Armazenamento"

# What can be done about a window.
MEND_ONE_UNIT, MEND_UNITS = "unidade {unit}", "{count:# unidade|# unidades}"
MEND_FILL = "Preencher a lacuna ({units})"
MEND_FILL_HELP = (
    "Faz de novo os arquivos que faltam, com a semente de cada unidade no manifesto, e os carrega. "
    "Os arquivos que já existem ficam como estão."
)
MEND_REWRITE = "Gravar de novo… ({units})"
MEND_REWRITE_HELP = (
    "Faz de novo os arquivos como o manifesto os tem e os grava sobre os que existem: uma nova "
    "geração, cujas linhas tomam o lugar das antigas."
)
MEND_REWRITE_TITLE = "Substituir {count:# arquivo|# arquivos}?"
MEND_REWRITE_BODY = (
    "O que o bucket tem com estes nomes é substituído pelo que a semente do manifesto produz. "
    "A Bronze passa a ter as linhas novas no lugar das antigas, e o que as antigas deixaram na "
    "quarentena some."
)
MEND_RELOAD = "Ingerir de novo ({units})"
MEND_RELOAD_HELP = (
    "Lê os arquivos mais uma vez e põe suas linhas no lugar das que a Bronze tem. Para isso, um "
    "arquivo que está na Bronze recebe uma nova geração com os mesmos bytes: uma gravação cada."
)
MEND_MIXED = (
    "Unidades com dados em lote e incrementais deste dia: {units}. Nada aqui sabe qual deles está "
    "certo: apague os arquivos de um dos tipos e ingira de novo."
)
MEND_PARQUET = (
    "Um dia em Parquet é corrigido por inteiro: faça-o de novo com o comando que o fez, "
    "`scripts/generate_fake_sales.py --format parquet`, e `--overwrite` onde ele difere."
)
MEND_NOTHING = (
    "Nada a fazer aqui: não há arquivo que possa ser carregado, e nenhum é esperado agora."
)
MEND_COMMAND = "O mesmo como comando"
MEND_COMMAND_NOTE = (
    "O envio cobre as unidades de 1 até a última nomeada; os arquivos que já existem ficam como "
    "estão."
)
MEND_MORE_COMMANDS = "{count:Mais # como estes ficou|Mais # como estes ficaram} de fora."
NO_LINES = "Tudo desta janela está na Bronze como esperado."
ALL_FINE = "Tudo o que foi gerado para estes dias está na Bronze como esperado."
EMPTY_BRONZE = (
    "A Bronze ainda não tem nada destes dias. Vá a **Gerar** para enviar uma janela, "
    "ou simule um dia em **Visão geral**."
)

# Seu ritmo.
WEEK_BEFORE = "Comparado à semana anterior"
WEEK_BEFORE_NONE = "A Bronze não tem pedidos de {day} para comparar."
WEEK_BEFORE_SUM = (
    "Pedidos na Bronze: {orders} em {day}, {orders_before} em {before}, portanto {change}, "
    "{count:na janela|nas # janelas} que ambos têm."
)
WEEK_BEFORE_WHOLE = (
    "Pedidos na Bronze do dia inteiro: {orders} em {day}, {orders_before} em {before}, portanto "
    "{change}. Os dois dias não têm janela em comum."
)
WEEK_BEFORE_APART = (
    "{day} e {before} não têm janela em comum na Bronze, e pelo menos um deles tem só algumas "
    "janelas, portanto não podem ser comparados."
)
ALT_WEEK_BEFORE = (
    "Pedidos na Bronze por janela: {orders} em {day}, {orders_before} em {before} ({change})."
)
WEEKDAYS = "Dias da semana e janelas"
WEEKDAYS_NOTE = (
    "Média de pedidos na Bronze por janela, {count:do único dia|dos # dias} com pedidos nas oito "
    "semanas até {last}."
)
WEEKDAYS_WHOLE = "{count:Um dia inteiro|# dias inteiros} sem janelas de fora."
WEEKDAY = "Dia da semana"
ALT_WEEKDAYS = (
    "Média de pedidos por dia da semana e janela; {weekday} {hours} tem a maior, {orders}."
)
