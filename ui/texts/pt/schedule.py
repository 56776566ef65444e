"""Schedule."""

PAUSE_IT, RESUME_IT, RUN_NOW = "Pausar", "Retomar", "Executar agora"
PAUSE_HELP = "Nenhuma janela é gerada por si só até que o agendamento seja retomado."
RESUME_HELP = "O agendamento volta a chamar no início de cada janela, a partir da próxima."
RUN_HELP = "Chama a data-generator uma vez, agora. O que já está lá fica como está."
RUN_SERVES = "**Executar agora** atende {day} {hours} {name}."
RUN_OUTSIDE = (
    "Está fora do horário comercial (10:00 às 24:00 em São Paulo): a resposta a "
    '**Executar agora** seria "skipped", e nada seria gerado.'
)
RAN = "A data-generator foi chamada para {day} {hours} {name}. A resposta está no log abaixo."
RAN_OUTSIDE = "A data-generator foi chamada fora do horário comercial: ela responde com skipped."
PAUSED_IT = "O agendamento está pausado."
RESUMED_IT = "O agendamento está ativo."
RESUMED_OFF = "O agendamento não está mais pausado, mas nenhum processo faz as chamadas."
SCHEDULE_STATE, NEXT_RUN, LAST_RUN = "Estado", "Próxima execução", "Última execução"
NO_NEXT_RUN = "nenhuma"
NO_NEXT_NOTE = "até que seja retomado"
OTHER_SCHEDULE = (
    "O agendamento do próprio job é {schedule} em {zone}, e não o das sete janelas ({usual} em "
    "America/Sao_Paulo): implante-o de novo."
)
NEXT_TICKS = "Próximas execuções"
TICK_COLUMNS = ("Disparo (BRT)", "Janela", "Nome", "Pedidos por unidade", "Quando")
LOG_OF = "Log de {function}"
LOG_LINES = "Linhas de cada log"
LOG_COLUMNS = ("Hora (BRT)", "Gravidade", "Texto", "Detalhes")
NO_LOG = "{function} não escreveu nada nos últimos 7 dias."

# The embedded schedule.
SCHEDULE_STATES = {"enabled": "ativo", "paused": "pausado", "not running": "parado"}
SCHEDULE_NOBODY = (
    "O agendamento está desligado. Inicie-o para gerar cada janela na hora: escolha **Executar "
    "neste painel** ou inicie `python -m core.scheduler` em um terminal. **Gerar** faz qualquer "
    "janela."
)
SCHEDULE_BY_THIS = "Este painel faz as chamadas (processo {process}), desde {since}."
SCHEDULE_BY_PANEL = "Outro painel faz as chamadas (processo {process}), desde {since}."
SCHEDULE_BY_COMMAND = (
    "`python -m core.scheduler` faz as chamadas (processo {process}), desde {since}."
)
SCHEDULE_TAKEN = "O processo {process} já faz as chamadas: pare-o lá primeiro."
SCHEDULE_RUN_HERE, SCHEDULE_STOP_HERE = "Executar neste painel", "Parar neste painel"
SCHEDULE_HERE_HELP = (
    "Este servidor gera cada janela no início dela enquanto estiver no ar, com ou sem página "
    "aberta. Depois de reiniciado, ele continua assim que alguém abrir o painel."
)
SCHEDULE_STOP_HELP = "Este servidor não gera mais janelas por si só, nem depois de reiniciado."
SCHEDULE_RUNS_HERE = "A partir de agora este painel gera cada janela no início dela."
SCHEDULE_STOPPED_HERE = "Este painel não gera mais janelas por si só."
SCHEDULE_RUN_HELP = "Gera e envia a janela deste momento, com o agendamento pausado ou não."
SCHEDULE_OUTSIDE = (
    "Está fora do horário comercial (10:00 às 24:00 em São Paulo): **Executar agora** não faria "
    "nada."
)
SCHEDULE_RAN = "{day} {hours} {name} está sendo gerada e enviada."
SCHEDULE_RAN_OUTSIDE = "Está fora do horário comercial: nada foi gerado."
SCHEDULE_NO_NEXT = "até que algo faça as chamadas"
SCHEDULE_MISSED = (
    "{count:# janela foi perdida|# janelas foram perdidas} enquanto nada fazia as chamadas. "
    "{count:Recuperá-la|Recuperá-las}?"
)
SCHEDULE_CATCH_UP, SCHEDULE_LEAVE = "Recuperar", "Deixar como está"
SCHEDULE_CATCH_UP_HELP = "Gera e envia agora as janelas perdidas."
SCHEDULE_LEAVE_HELP = "Nada é gerado, e ninguém será perguntado de novo sobre estas janelas."
SCHEDULE_CATCHING_UP = "Janelas em recuperação: {windows}. Execuções em andamento: {runs}."
SCHEDULE_LEFT = "As janelas perdidas ficam como estão."
SCHEDULE_ATTEMPTS = "Execuções anteriores"
SCHEDULE_NO_ATTEMPTS = "O agendamento ainda não chamou."
SCHEDULE_ATTEMPT_COLUMNS = ("Chamada (BRT)", "Janela", "Estado", "Duração", "Resultado", "Execução")
SCHEDULE_FROM = "{count:# janela|# janelas} a partir de {first}"
SCHEDULE_MAKES = "O que ele gera"
SCHEDULE_MAKES_NOTE = (
    "A partir da próxima chamada. Janelas que já estão no bucket com outra semente ficam como "
    "estão."
)
SCHEDULE_KEEP = "Salvar"
SCHEDULE_KEPT = (
    "A partir de agora o agendamento gera janelas de {units:# unidade|# unidades} com a "
    "semente {seed}."
)
SCHEDULE_UNREADABLE = "Agendamento: não pôde ser lido"
