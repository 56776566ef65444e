"""Overview."""

WINDOWS_OF = "Janelas de {day}"
GROWTH = "Bronze ao longo do dia"
FIGURE_ORDERS, FIGURE_ITEMS, FIGURE_REVENUE = "Pedidos", "Itens", "Receita"
FIGURE_FRESH = "Última ingestão"
OF_EXPECTED = "de {expected} esperados"
PER_ORDER = "{value} por pedido"
NEVER = "nunca"
EMPTY_DAY = (
    "Ainda não há nada deste dia na Bronze. Use **Simular este dia de vendas** acima para vê-la "
    "encher, ou vá a **Gerar** para janelas avulsas."
)
SIMULATE = "Simular este dia de vendas"
SIMULATE_HELP = (
    "Envia as sete janelas uma após a outra, leva cada uma à Bronze e depois reconstrói a Silver, "
    "a Gold e as agregações. O que já está lá com o mesmo conteúdo permanece; onde há outro "
    "conteúdo, nada é gravado até que você confirme a substituição."
)
LENGTH = "Velocidade: o dia em…"
LENGTH_HELP = "Quanto duram as sete janelas juntas; a reconstrução vem depois delas."
SEE_IN_GOLD = "Ver na Gold →"
REMOVE_TITLE = "Remover o que esta simulação fez?"
REMOVE_BODY = (
    "{count:# arquivo sai|# arquivos saem} do bucket, as linhas saem da Bronze, e as camadas são "
    "reconstruídas sem eles. Arquivos com outro conteúdo ficam."
)
REMOVE_CONFIRM = "Remover {count:# arquivo|# arquivos}"
REMOVE = "Desfazer esta simulação…"
REMOVE_HELP = (
    "Tira do bucket e da Bronze os objetos que esta simulação gravou e reconstrói as camadas sem "
    "eles. Objetos que já existiam e objetos de outro conteúdo permanecem. A mesma simulação faz "
    "os mesmos dados de novo."
)
OVER_DAYS = "{count:O último dia|Cada um dos últimos # dias}"
LAYER_STATE = "{layer}: {state}"
OVER_WINDOWS = "Pedidos na Bronze de cada janela do dia"

# Que tipo de dia uma data é.
KIND_WITH_CAMPAIGN = "{kind}, campanha *{name}*"
KIND_OF = "{day}: {kind}"
KINDS_OF_DAYS = "Que tipo de dias são estes"
KIND_COLUMNS = ("Dia", "Tipo de dia", "Pedidos esperados", "Numa semana comum")
