"""Diagnostics."""

from core.insight.diagnostics.checks import State

DIAG_STATES = {
    State.BROKEN: "com defeito",
    State.ATTENTION: "requer atenção",
    State.UNKNOWN: "não pôde ser verificado",
    State.FINE: "em ordem",
    State.NOT_HERE: "não se aplica aqui",
}
DIAG_SIGNS = {
    State.BROKEN: "✗",
    State.ATTENTION: "!",
    State.UNKNOWN: "?",
    State.FINE: "✓",
    State.NOT_HERE: "·",
}
DIAG_DAYS = "Últimos N dias de vendas"
DIAG_DAYS_HELP = (
    "Para o que custaria caro em todas as datas: objetos pendentes, dados em lote ao lado de "
    "incrementais, datas no futuro."
)
DIAG_ONLY = "Só o que requer atenção"
DIAG_AGAIN = "Verificar de novo"
DIAG_AGAIN_HELP = "Verifica tudo outra vez; do contrário, o resultado vale por um minuto."
DIAG_LOOKING = "Verificando tudo o que pode estar errado"
DIAG_ALL_FINE = (
    "Nada requer atenção: {fine:# verificação em ordem|# verificações em ordem}, {not_here:# não "
    "se aplica|# não se aplicam} aqui."
)
DIAG_SUMMARY = (
    "{attention:# verificação requer|# verificações requerem} atenção; {fine:# em ordem|# em "
    "ordem}, {not_here:# não se aplica|# não se aplicam} aqui."
)
DIAG_LOOKED_AT = "Verificado às {time} · docs/troubleshooting.md explica cada verificação"
DIAG_FINE_TITLE = "Verificações em ordem"
DIAG_NOTHING = "Nada requer atenção. Desligue o filtro para ver o que foi verificado."
DIAG_SAME_AS_COMMAND = "O mesmo como comando"
DIAG_ALONE = (
    "O histórico de execuções não pode ser usado, então nenhuma execução pode ser iniciada aqui; "
    "os comandos abaixo funcionam."
)
DIAG_SETTLED = "Os objetos que não existem mais ({count})"
DIAG_ACTIONS = {
    "ingest": "Ingerir o que está pendente",
    "rebuild": "Reconstruir o que está atrasado",
    "reload": "Carregar {object} mais uma vez",
    "settle": "Limpar o que restou de {count}",
    "runs": "Ir para Execuções",
    "schedule": "Ir para Agendamento",
    "storage": "Ir para Armazenamento",
}

# By the checks' keys: their names, and what each examines.
DIAG_SUBJECTS = {
    "configuration": "Configuração",
    "project": "Arquivos do projeto",
    "packages": "Python e pacotes",
    "time_zone": "Base de fusos horários",
    "credentials": "Credenciais",
    "apis": "Serviços do Google",
    "bucket": "Bucket",
    "warehouse": "Warehouse",
    "disk": "Espaço em disco",
    "clock": "Relógios",
    "history_file": "Arquivo do histórico de execuções",
    "warehouse_file": "Arquivo do warehouse",
    "hours": "Horário comercial",
    "schedule": "Agendamento",
    "trigger": "Chamadas da csv-processor",
    "pending": "Objetos à espera da Bronze",
    "unreadable": "Entradas que não podem ser lidas",
    "quarantine": "Quarentena",
    "left_overs": "Restos de objetos apagados",
    "ledger": "Registro da Bronze",
    "duplicates": "Duplicatas na Bronze",
    "mixed": "Lote ao lado de incremental",
    "volume": "Quantidade de pedidos",
    "content": "Conteúdo das vendas",
    "layers": "Silver, Gold e agregações",
    "runs": "Execuções que falharam",
}
DIAG_LOOKS = {
    "configuration": "Se a configuração é válida, com os dois nomes do Google ou nenhum.",
    "project": "Se os arquivos de que os comandos precisam estão juntos.",
    "packages": "O Python e cada pacote, comparado com a versão fixada em requirements.txt.",
    "time_zone": "Se as horas de São Paulo estão certas, com e sem horário de verão.",
    "credentials": "Se as regras do próprio Google encontram credenciais.",
    "apis": "Se o projeto usa os quatro serviços necessários.",
    "bucket": "Se pode ser listado e se a pasta aceita escrita.",
    "warehouse": "Se responde e, quando não responde, quem o está usando.",
    "disk": "O espaço livre, comparado com o tamanho dos dados.",
    "clock": "Se os relógios concordam e nenhum objeto tem data no futuro.",
    "history_file": "Se o arquivo SQLite está íntegro.",
    "warehouse_file": "Se todas as linhas do arquivo DuckDB podem ser lidas.",
    "hours": "O que uma chamada do gerador recebe como resposta neste momento.",
    "schedule": "Se existe, está ativo e nos horários certos.",
    "trigger": "Se objetos novos geram chamadas, pelo que acontece com eles.",
    "pending": "Objetos com mais de um minuto que não estão na Bronze.",
    "unreadable": "Links para nada, arquivos fechados e nomes que não são UTF-8.",
    "quarantine": "Arquivos com linhas rejeitadas.",
    "left_overs": "Linhas, registros e relatórios de objetos que não estão mais no bucket.",
    "ledger": "Se o objeto de cada linha é conhecido; senão, seria carregado duas vezes.",
    "duplicates": "Ids de pedidos e itens que aparecem em mais de uma linha.",
    "mixed": "Unidades com os dois tipos de dados na mesma data, cujas vendas contam em dobro.",
    "volume": "Células fora da faixa; unidades e rede, pelo tipo de dia; unidades caladas.",
    "content": "Cópias de linhas, pedidos e itens que não combinam, outros preços.",
    "layers": "Se mostram o que a Bronze tem.",
    "runs": "Execuções que falharam ou perderam seu processo e não foram reiniciadas.",
}
