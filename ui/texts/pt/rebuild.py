"""Rebuild."""

# Rebuild.
LAYER_NAMES = {
    "bronze": "Bronze",
    "silver": "Silver",
    "gold": "Gold",
    "aggregations": "Agregações",
}
UP_TO_DATE, BEHIND, NOT_BUILT, SOURCE = "em dia", "atrasada", "não construída", "origem"
REBUILD_ONE = "Reconstruir {layer}"
REBUILD_ALL = "Reconstruir tudo"
REBUILD_HELP = "Tudo ou nada em cada camada: se uma verificação falha, a camada fica como estava."
NEWEST = "ingestão em {when}"
ORDERS_IN = "{count} pedidos"
NO_REBUILD = (
    "Ainda não houve reconstrução por este painel. As tabelas e verificações aparecerão aqui."
)
TABLES_BUILT = "Tabelas"
CHECKS = "Verificações"
TABLE_COLUMNS = ("Tabela", "Linhas antes", "Linhas depois", "Variação")
CHECK_COLUMNS = ("", "O que deve valer", "Linhas em falha", "Camada")
PASSED, FAILED = "✓", "✗"
FAILING = "Linhas em falha: {sentence}"
GOLD_LOOK = "Um olhar sobre a Gold: vendas diárias"
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
