"""Incidentes e as mensagens sobre eles."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "alerts.run": "A execução {run:d} falhou, {title}: {error}",
    "alerts.run_interrupted": "A execução {run:d} foi interrompida, {title}: {error}",
    "alerts.overdue": "{count:# janela|# janelas} de {day} em atraso, fora do bucket: {hours}.",
    "alerts.quarantine": "{count:,# relatório|,# relatórios} na quarentena; o primeiro é {name}.",
    "alerts.dead_letters": "{count:# evento foi abandonado|# eventos foram abandonados}, em "
    "{subscription}: o primeiro trata de {name}.",
    "alerts.title_opened": "MR. Health: um incidente",
    "alerts.title_over": "MR. Health: um incidente terminou",
    "alerts.title_many": "MR. Health: {count:,} mudanças de incidentes",
    "alerts.opened": "Desde {since}: {text}",
    "alerts.over": "Terminou {until}, começou {since}: {text}",
    "alerts.more": "E mais {count:,}.",
    "alerts.place": "De {place}. Os horários são os de São Paulo.",
    "alerts.channel": "Canal {place} ({scheme})",
    "alerts.no_channel": "{channel}: não é um endereço que o Apprise conhece.",
    "alerts.no_channels": "MRHEALTH_ALERTS está vazia: indique o endereço de um canal, como "
    "json://127.0.0.1:8000/hook.",
    "alerts.no_such_channel": "Não há esse canal: MRHEALTH_ALERTS tem {count:# canal|# canais}.",
    "alerts.refused": "{channel}: a mensagem foi recusada; o servidor respondeu {status}.",
    "alerts.unreachable": "{channel}: sem acesso ao servidor.",
    "alerts.undelivered": "{channel}: a mensagem não foi entregue.",
    "alerts.test_title": "MR. Health: um teste",
    "alerts.test": "Este é um teste dos alertas; não há nada de errado.",
    "files.alerts": "Não é possível usar os incidentes dos alertas em {path}: {reason}.",
}
