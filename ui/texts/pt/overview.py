"""Overview."""

# Overview.
WINDOWS_OF = "Janelas de {day}"
GROWTH = "Bronze ao longo do dia"
FIGURE_ORDERS, FIGURE_ITEMS, FIGURE_REVENUE = "Pedidos", "Itens", "Receita"
FIGURE_FRESH = "Última ingestão"
OF_EXPECTED = "de {expected} esperados"
PER_ORDER = "{value} por pedido"
NEVER = "nunca"
LAYERS_CURRENT = "Silver e Gold estão em dia"
LAYERS_BEHIND = "Atrás da Bronze: {layers}"
NO_LAYERS = "Silver e Gold ainda não foram construídas"
EMPTY_DAY = (
    "Ainda não há nada deste dia na Bronze. **Simule este dia comercial** acima para vê-la encher, "
    "ou vá a **Gerar** para janelas avulsas."
)
SIMULATE = "Simular este dia comercial"
SIMULATE_HELP = (
    "Envia as sete janelas uma após a outra, leva cada uma à Bronze e depois reconstrói a Silver, "
    "a Gold e as agregações. O que já está lá com o mesmo conteúdo permanece; onde há outro "
    "conteúdo, nada é gravado até que você confirme a substituição."
)
PAUSE = "Segundos entre as janelas"
