"""Scenarios."""

SCENARIO_VIEWS = {"plan": "Planejar e aplicar", "applied": "Aplicados", "grade": "Nota"}
SCENARIO_VIEW = "Vista"

# The layers that notice faults.
SCENARIO_LAYERS = {
    "quarantine": "quarentena",
    "reconcile": "conciliação",
    "silver": "verificações da Silver",
    "volume": "verificações de volume",
    "content": "verificações de conteúdo",
    "none": "nenhuma, de propósito",
}

# The choice of a scenario.
SCENARIO = "Cenário"
SCENARIO_COMPOSE = "compor um…"
SCENARIO_DAYS = "Número de dias"
SCENARIO_FILE = "O arquivo do cenário"
SCENARIO_TOO_LARGE = (
    "{count:# par de arquivos é demais|# pares de arquivos são demais} para esta página: escolha "
    "no máximo {most}, ou use `scripts/faults.py`."
)

# A composed scenario.
COMPOSE_HEADING = "Compor um cenário"
COMPOSE_KIND = "Tipo de falha"
COMPOSE_AMOUNT = "Quantas"
COMPOSE_AMOUNTS = {"share": "uma parte", "count": "um número"}
COMPOSE_SHARE = "Parte (%)"
COMPOSE_COUNT = "Número"
COMPOSE_WINDOWS = "Janelas (nenhuma: todas)"
COMPOSE_WEEKDAYS = "Dias da semana (nenhum: todos)"
COMPOSE_DAYS_FROM, COMPOSE_DAYS_TO = "Do dia", "Até o dia"
COMPOSE_DAYS_HELP = "Dias do pedido, a partir de 0: vazio quer dizer todos."
COMPOSE_UNITS_FROM, COMPOSE_UNITS_TO = "Da unidade", "Até a unidade"
COMPOSE_UNITS_HELP = "Vazio quer dizer todas as unidades do pedido."
COMPOSE_PARAMETER_HELP = "Parâmetro {name}: {valid}; sem escolha, {usual}."
COMPOSE_ADD = "Acrescentar esta falha"
COMPOSE_RESTART = "Começar de novo"
COMPOSE_TEXT = "O arquivo, que você pode mudar"
COMPOSE_DOWNLOAD = "Baixar o arquivo"
COMPOSE_UPLOAD = "Enviar um cenário (TOML)"
COMPOSE_TOO_LARGE = "O arquivo é grande demais: um cenário tem no máximo {most}."
COMPOSE_NO_TEXT = "{name} não é texto em UTF-8."
COMPOSE_HALF_RANGE = "{first} e {last} andam juntos: informe ambos ou nenhum."

# Its plan.
PLAN_NOTHING = "Este cenário não planeja falhas para estas datas, janelas e unidades."
PLAN_FIGURES = ("Falhas planejadas", "Tipos", "Pares de arquivos", "Unidades")
PLAN_MAP = "Falhas planejadas por janela e data"
PLAN_MAP_ALT = (
    "{count:# falha planejada|# falhas planejadas} em {days:# data|# datas}; {day} {hours} tem "
    "mais, {most}."
)
PLAN_CELL = "{count:# falha|# falhas}"
PLAN_KINDS = "Por tipo"
PLAN_KIND_COLUMNS = ("Tipo", "Falhas", "Quem deve notar", "O que é")
PLAN_TABLE = "As falhas planejadas"
PLAN_COLUMNS = ("Tipo", "Dia", "Janela", "Unidade", "Linhas")
PLAN_HIDDEN = "Quais arquivos e linhas são atingidos fica oculto aqui (MRHEALTH_HIDE_KEYS)."
APPLY = "Aplicar ao bucket…"
APPLY_HELP = "Publica estas vendas com as falhas do cenário e as carrega na Bronze."
APPLY_TITLE = "Aplicar o cenário {name}?"
APPLY_BODY = (
    "{cells:# par de arquivos é publicado|# pares de arquivos são publicados} no bucket com "
    "{faults:# falha planejada|# falhas planejadas}: {dates}, {units:# unidade|# unidades}, "
    "semente {seed}. Os manifestos dizem o nome do cenário. O que chega tarde fica guardado e "
    "chega na sua hora. **Desfazer…** em **Aplicados** tira tudo isso de novo."
)
APPLY_CONFIRM = "Aplicar"
PLAY = "Simular o primeiro dia sob ele…"
PLAY_HELP = (
    "Passa pela primeira data janela por janela; o que atrasa chega em uma janela posterior."
)
PLAY_TITLE = "Simular {day} sob o cenário {name}?"
PLAY_CONFIRM = "Simular"

# What was applied.
APPLIED_NONE = (
    "Nenhum cenário está aplicado a este bucket. Escolha um em **Planejar e aplicar**; as vendas "
    "de **Gerar** não têm falhas."
)
APPLIED_ONE = "Cenário aplicado"
APPLIED_LABEL = "{name}: {dates}, {units:# unidade|# unidades}, semente {seed}"
APPLIED_GONE = "Este cenário não está mais aplicado."
APPLIED_HELD = (
    "{count:# objeto está guardado|# objetos estão guardados} para chegar na sua hora; "
    "{due:# já venceu|# já venceram}."
)
APPLIED_HELD_NONE = "Nenhum objeto está guardado."
RELEASE = "Liberar o que venceu"
RELEASE_HELP = (
    "Publica os objetos guardados cuja hora chegou, como faz cada chamada do agendamento."
)
RELEASE_ALL = "Liberar tudo"
RELEASE_ALL_HELP = (
    "Publica agora todos os objetos guardados, também os que nunca chegariam por si mesmos."
)
WITHDRAW = "Desfazer…"
WITHDRAW_HELP = "Desfaz os efeitos do cenário: bucket e Bronze recebem as vendas limpas."
WITHDRAW_TITLE = "Desfazer {name}?"
WITHDRAW_BODY = (
    "Os arquivos limpos tomam o lugar dos estragados, cópias e objetos guardados são apagados, e a "
    "Bronze fica com as linhas dos arquivos limpos. Depois, bucket e Bronze estão como se estas "
    "vendas tivessem sido publicadas sem cenário."
)
WITHDRAW_CONFIRM = "Desfazer"

# The key.
KEY = "O gabarito"
KEY_NOTE = "Cada falha com sua identidade, o valor certo e a camada que deve notá-la."
KEY_COLUMNS = (
    "Tipo", "Objeto", "Linha", "Id", "Coluna", "Era", "É", "Aparece", "Quem deve notar",
)  # fmt: skip
KEY_CSV, KEY_JSON = "Gabarito em CSV", "Gabarito em JSON"
KEY_HIDDEN = "O gabarito está oculto (MRHEALTH_HIDE_KEYS): encontre as falhas e veja sua nota."
KEY_REFUSED = "Os gabaritos dos cenários estão ocultos neste painel."

# The grade.
FINDINGS = "Seus achados (CSV ou JSON)"
FINDINGS_HELP = "Colunas object, line, id, kind; line e id podem ficar vazias. Veja docs/faults.md."
FINDINGS_NOTE = (
    "Envie o que o seu pipeline encontrou, ou veja como este se sai. Um achado vale onde o tipo e "
    "o lugar, por id ou por objeto e linha, são os de uma falha."
)
FINDINGS_IGNORED = "Colunas que não são lidas: {columns}."
FINDINGS_DOWNLOAD = "Achados em CSV"
GRADE_OURS = "Dar nota a este pipeline"
GRADE_OURS_HELP = (
    "Quarentena, conciliação, as verificações da Silver e o Diagnóstico diante do gabarito."
)
GRADE_OURS_TITLE = "Este pipeline"
GRADE_YOURS_TITLE = "Seus achados"
GRADE_FIGURES = ("Plantadas", "Encontradas", "Perdidas", "Inventadas", "Precisão", "Cobertura")
GRADE_COLUMNS = (
    "Tipo", "Plantadas", "Encontradas", "Perdidas", "Inventadas", "Precisão (%)", "Cobertura (%)",
)  # fmt: skip
GRADE_CHART_ALT = (
    "Encontradas, perdidas e inventadas por tipo: {found} de {planted} encontradas, {invented} "
    "inventadas."
)
GRADE_MISSED, GRADE_INVENTED = "Perdidas", "Inventadas"
GRADE_LIST = "{title}: {count}"
GRADE_FINDING_COLUMNS = ("Tipo", "Objeto", "Linha", "Id")
GRADE_PERFECT = "Tudo foi encontrado, e nada foi inventado."
