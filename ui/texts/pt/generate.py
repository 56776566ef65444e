"""Generate."""

CHOOSE = "O que gerar"
WINDOWS = "Janelas (BRT)"
NO_WINDOW = "Escolha pelo menos uma janela."
PREVIEW = "Prévia"
FILES = "Arquivos"
EXPECTED_ORDERS, EXPECTED_ITEMS = "Pedidos", "Itens"
FIRST_ROWS = "Primeiras linhas da unidade 001, {hours}"
TO_FOLDER = "Gerar arquivos"
TO_FOLDER_HELP = "Grava apenas na pasta output/; o bucket não é tocado."
TO_BUCKET = "Enviar ao bucket"
TO_BUCKET_HELP = "Publica no bucket; os objetos vão para a Bronze em seguida."
TO_BUCKET_HELP_CLOUD = (
    "Publica no bucket. A csv-processor leva cada objeto à Bronze; um pedido grande é carregado "
    "pela própria execução."
)
VERIFY = "Verificar envio"
VERIFY_HELP = (
    "Compara o bucket e a Bronze com o que deveria chegar. No Google Cloud, espera um minuto pela "
    "csv-processor e guarda as linhas do log dela junto à execução."
)
COMMAND = "O mesmo em comandos"
COMMAND_NOTE = (
    "Com --upload os arquivos vão também para o bucket; sem ele, só para a pasta de saída."
)

# Dates, dry run, archive.
DAYS_FROM = "Número de dias"
DRY_RUN = "Testar sem gravar"
DRY_RUN_HELP = "Compara com o que está no bucket e diz o que um envio faria. Não grava nada."
AS_ZIP = "Baixar como ZIP"
AS_ZIP_HELP = "Os mesmos arquivos, feitos para o seu navegador; nem pasta nem bucket são tocados."
ZIP_TOO_LARGE = "Um ZIP tem no máximo {most} pares de arquivos: escolha menos ou gere arquivos."
USE_SEED = "Usar a semente {seed}"
BY_WINDOW, BY_UNIT, BY_PRODUCT_SOLD = "Por janela", "Por unidade", "Por produto"
EXPECTED_REVENUE = "Receita"
UNIT_COLUMNS = ("Unidade", "Nome", "Pedidos", "Itens", "Receita (R$)")
SOLD_COLUMNS = ("Produto", "Unidades vendidas", "Valor (R$)")
ALT_BY_UNIT = "Pedidos de {count:# unidade|# unidades}, de {fewest} a {most} por unidade."
ALT_BY_SOLD = "Unidades vendidas de {count:# produto|# produtos}; {first} vende mais."
UNITS_AXIS, PIECES_AXIS = "Unidade", "Unidades vendidas"
