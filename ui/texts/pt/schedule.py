"""Schedule."""

# Schedule.
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
SCHEDULE_STATE, NEXT_RUN, LAST_RUN = "Estado", "Próxima execução", "Última execução"
NO_NEXT_RUN = "nenhuma"
NO_NEXT_NOTE = "até que seja retomado"
OTHER_SCHEDULE = (
    "O agendamento do próprio job é `{schedule}` em {zone}, e não o das sete janelas (`{usual}` em "
    "America/Sao_Paulo): implante-o de novo."
)
NEXT_TICKS = "Próximos disparos"
TODAYS_TICKS = "Disparos de hoje"
TICK_COLUMNS = ("Disparo (BRT)", "Janela", "Nome", "Pedidos por unidade", "Quando")
NO_SCHEDULE = (
    "Nesta máquina nada chama por si só ainda: gere janelas em **Gerar**, ou simule o dia em "
    "**Visão geral**. No Google Cloud, o agendamento chama nestes disparos."
)
LOG_OF = "Log de {function}"
LOG_LINES = "Linhas de cada log"
LOG_COLUMNS = ("Hora (BRT)", "Gravidade", "Texto", "Detalhes")
NO_LOG = "{function} não escreveu nada nos últimos 7 dias."
