"""Runs."""

from core.operations.backfill_plan import Mode, Reason

RUN_STATES = {
    "queued": "na fila",
    "running": "em andamento",
    "cancelling": "em cancelamento",
    "succeeded": "concluída",
    "failed": "falhou",
    "interrupted": "interrompida",
    "cancelled": "cancelada",
}
RETRY = "Tentar de novo"
DISMISS = "Dispensar"
NOTHING_TO_DISMISS = "A execução {run} não tem falha a dispensar."
NOTHING_TO_CANCEL = "A execução {run} já terminou: não há nada a cancelar."
DISMISSED_BY = "Dispensada por {who}"
CONFLICT = (
    "**{title}**: nada foi gravado, pois há outros dados lá: {count:# pedido feito|# pedidos "
    "feitos} com a semente {seeds}."
)
CONFLICT_REPLACE = "Substituir {count:# pedido|# pedidos} por {instead}…"
OVERWRITE = "Substituir o que está lá…"
OVERWRITE_TITLE = "Substituir o que está lá?"
OVERWRITE_BODY = (
    "Já existem objetos destas janelas com outro conteúdo. A substituição os troca {place}; "
    "{consequence}"
)
OVERWRITE_BUCKET = ("no bucket", "a Bronze passa a ter as linhas novas no lugar das antigas.")
OVERWRITE_FOLDER = ("na pasta de saída", "o bucket não é tocado.")
OVERWRITE_CONFIRM = "Substituir"
CANCEL = "Cancelar"
RUN_LINE = "Execução {run} · {when} · log"
RUN_WAITING = "Aguardando a sua vez"
RUN_LEFT = "{doing} · {done} de {total} · restam cerca de {left}"
RECENT_RUNS = "Execuções recentes"
NO_RUNS = (
    "Ainda não houve execuções. Tudo o que for iniciado por este painel aparece aqui, com o "
    "resultado."
)
RUN_COLUMNS = ("Execução", "O quê", "Estado", "Início", "Duração", "Resultado")
FAILED_TITLE = "**{title}** {state}. {error}"
RUN_CANCEL = "Cancelar a execução {run}"
RUN_CANCEL_TITLE = "Cancelar esta execução?"
RUN_CANCEL_BODY = (
    "Ela para no próximo passo; até lá nenhuma outra execução mexe no mesmo. O que fez até "
    "lá conta, nada fica escrito pela metade, e ela pode ser tentada de novo."
)
RUN_GO_ON = "Deixar continuar"
RUN_CANCELLED = "Foi cancelada. O que fez até ali conta; tente de novo para fazer o resto."

# The page: history and backfill.
RUN_VIEW = "Mostrar"
RUN_VIEWS = {"history": "Histórico", "backfill": "Preencher datas"}
RUN_ACTIVE = "Em andamento"
RUN_HISTORY = "Histórico"
RUN_FILTER_STATE, RUN_FILTER_KIND, RUN_FILTER_WHO = "Estados", "Tipos", "Iniciada por"
RUN_FILTER_TEXT = "Buscar"
RUN_FILTER_TEXT_HELP = "Parte do que ela fez ou do resultado, ou o número de uma execução."
RUN_ALL = "Todos"
RUN_KINDS = {
    "generate": "gerar",
    "upload": "enviar",
    "verify": "verificar",
    "ingest": "ingerir",
    "rebuild": "reconstruir",
    "simulate": "simular",
    "backfill": "preencher datas",
    "fill": "preencher a lacuna",
    "reload": "ingerir de novo",
    "remove": "remover",
    "settle": "limpar restos",
    "delete": "apagar arquivos",
    "try": "teste sem gravar",
    "scenario": "aplicar um cenário",
    "release": "liberar objetos retidos",
    "withdraw": "retirar um cenário",
    "refresh": "atualizar",
}
RUN_WHO = {
    "panel": "painel",
    "script": "linha de comando",
    "scheduler": "agendamento",
    "function": "função",
    "airflow": "Airflow",
}
RUN_LIST_COLUMNS = ("Execução", "O quê", "Tipo", "Estado", "Por", "Início", "Duração", "Resultado")
RUN_MORE = "Mostrar execuções mais antigas"
RUN_NONE_SUCH = "Nenhuma execução corresponde a estes filtros."
RUN_EMPTY = (
    "Ainda não houve execuções. Comece em **Gerar**, ou simule um dia em **Visão geral**: tudo o "
    "que o painel, uma linha de comando ou o agendamento iniciar fica guardado aqui."
)
RUN_NUMBER = "Execução"
RUN_NUMBER_HELP = "Escolha uma linha ou escreva o número; ele fica no endereço da página."
RUN_SELECT = "Escolha uma linha da tabela para ver parâmetros, log e linha de comando da execução."
RUN_UNKNOWN = "Não existe a execução {run}: escolha uma da tabela."
RUN_TITLE = "Execução {run}"
RUN_STATE, RUN_BY, RUN_STARTED, RUN_TOOK = "Estado", "Iniciada por", "Início", "Duração"
RUN_STEPS = "Passos"
RUN_STEPS_OF = "{done} de {total}"
RUN_PARAMETERS = "Parâmetros"
RUN_PARAMETER_COLUMNS = ("Parâmetro", "Valor")
RUN_WINDOWS = "Janelas"
RUN_WINDOW_COLUMNS = ("Janela", "Pedidos", "Estado", "Por quê")
RUN_WINDOW_DONE, RUN_WINDOW_FAILED = "✓ feita", "✗ falhou"
RUN_LOG = "Log"
RUN_LOG_WHOLE = "O log inteiro, não só as {count} linhas mais recentes"
RUN_NO_LOG = "Não escreveu log."
RUN_COMMAND = "O mesmo pela linha de comando"
RUN_NO_COMMAND = "Este tipo de trabalho não tem linha de comando; tente-o de novo aqui."

# Calls of data-generator.
RUN_CALLS = "Chamadas da data-generator"
RUN_CALLS_NOTE = (
    "Feitas no Google Cloud e lidas do log da função dos últimos dias. O log não diz quem chamou: "
    "uma chamada nos cinco minutos depois de um horário conta como do agendamento."
)
RUN_NO_CALLS = (
    "A data-generator não foi chamada nos últimos dias. A página **Agendamento** pode chamá-la."
)
RUN_CALL_COLUMNS = (
    "Chamada", "Por", "Janela", "Status", "Unidades", "Pedidos", "Itens", "Objetos novos",
    "Duração",
)  # fmt: skip

# Backfill.
BACKFILL_HEADING = "Preencher um intervalo de datas"
BACKFILL_FROM, BACKFILL_TO = "Primeira data", "Última data"
BACKFILL_MODE = "Quais janelas"
BACKFILL_MODES = {
    Mode.MISSING: "Faltantes",
    Mode.FAILED: "Faltantes e com falha",
    Mode.ALL: "Todas",
}
BACKFILL_MODE_HELP = (
    "Faltantes: objetos que não estão no bucket, ou não estão na Bronze. Com falha: objetos em "
    "quarentena, em dobro na Bronze ou diferentes do esperado, ou janelas cuja última execução "
    "falhou."
)
BACKFILL_SEED_HELP = (
    "Vazio: cada janela mantém a semente com que foi publicada, e uma nova recebe a do projeto."
)
BACKFILL_SEED_PUBLISHED = "a publicada"
BACKFILL_OVERWRITE = "Substituir objetos com outro conteúdo"
BACKFILL_OVERWRITE_HELP = (
    "Desligado: uma janela cujos objetos foram feitos de outro modo falha, e fica como está."
)
BACKFILL_NO_WINDOW = "Escolha pelo menos uma janela."
BACKFILL_LONG = "São {count} datas: escolha no máximo {most}, e continue a partir daí."
BACKFILL_PLAN = "O plano"
BACKFILL_TOTAL = (
    "{chosen} de {total:# janela seria gerada|# janelas seriam geradas}: "
    "{objects:# objeto|# objetos}, {orders:# pedido|# pedidos}, {items:# item|# itens}."
)
BACKFILL_COMPLETE = (
    "Nada a preencher: {total:a única janela está completa|as # janelas estão completas}."
)
BACKFILL_NOTHING = (
    "Nada a preencher: esta escolha não inclui {total:a única janela|nenhuma das # janelas}; o "
    "plano diz por quê."
)
BACKFILL_NOT_DUE = "Nenhuma destas janelas já começou: escolha datas anteriores."
BACKFILL_COLUMNS = (
    "Data", "Janela", "Estado", "O que se faz", "Por quê", "Objetos", "Pedidos", "Itens",
)  # fmt: skip
BACKFILL_GENERATE, BACKFILL_LEAVE = "gerar", "deixar"
BACKFILL_WHY = {
    Reason.BULK: "{count:# unidade tem|# unidades têm} dados em lote, que contariam em dobro",
    Reason.FAULTY: "{count:# objeto não é|# objetos não são} como o esperado",
    Reason.MISSING: "{count:falta # objeto|faltam # objetos}",
    Reason.NEVER: "{count:# unidade nunca foi gerada|# unidades nunca foram geradas}",
    Reason.UNKNOWN: "nenhum manifesto diz para quais unidades",
    Reason.PENDING: "{count:# objeto ainda não está|# objetos ainda não estão} na Bronze",
    Reason.LAST_FAILED: "a última execução falhou",
    Reason.FINE: "como esperado",
}
BACKFILL_START = "Preencher {count:# janela|# janelas}"
BACKFILL_CONFIRM_TITLE = "Substituir o que está lá?"
BACKFILL_CONFIRM_BODY = (
    "Os objetos {count:da janela|das # janelas} deste plano que foram feitos de outro modo são "
    "substituídos no "
    "bucket; a Bronze passa a ter as linhas novas no lugar das antigas."
)
BACKFILL_LAST = "O preenchimento mais recente"
