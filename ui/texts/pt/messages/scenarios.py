"""Como se chamam os cenários de falhas, e o que há de errado no arquivo de um cenário."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "scenario.no_toml": "O cenário {name} não é TOML: {reason}.",
    "scenario.no_file": "{path} não é um cenário: {reason}.",
    "scenario.too_large": "{path} não é um cenário: escreva no máximo {most:bytes}.",
    "scenario.not_known": "Nenhum cenário se chama {name}: use um de {known}, ou o caminho de um "
    "arquivo que termina em .toml.",
    "scenario.unknown_key": "Cenário {scenario}, {place}: {key} é desconhecido, use {known}.",
    "scenario.missing": "Cenário {scenario}, {place}: falta {key}, escreva {valid}.",
    "scenario.value": "Cenário {scenario}, {place}: {key} é {value}, escreva {valid}.",
    "scenario.share_or_count": "Cenário {scenario}, {place}: escreva ou share ou count.",
    "scenario.place.top": "primeiras linhas",
    "scenario.place.fault": "falha {number}",
    "scenario.place.parameters": "{place}, parâmetros de {kind}",
    "scenario.valid.name": "letras minúsculas e algarismos, em palavras unidas por hífens",
    "scenario.valid.same": "{name}, como se chama o arquivo",
    "scenario.valid.sentence": "uma linha de no máximo {most} caracteres",
    "scenario.valid.choice": "um de {choices}",
    "scenario.valid.whole": "um número inteiro de {least} a {most}",
    "scenario.valid.number": "um número de {least} a {most}",
    "scenario.valid.share": "um número maior que 0 e no máximo 1",
    "scenario.valid.span": "o primeiro e o último de um intervalo de {least} a {most}, ambos "
    "incluídos",
    "scenario.valid.words": "uma lista com alguns de {known}, cada um uma vez",
    "scenario.valid.tables": "cada um como uma tabela [[{key}]]",
    "scenario.valid.table": "uma tabela",
    "scenario.valid.none": "nada, pois {kind} não tem parâmetros",
    "scenario.kind.object_missing": "Um objeto não chega, mas o manifesto o menciona.",
    "scenario.kind.window_late": "Os dois objetos da janela de uma unidade chegam mais tarde.",
    "scenario.kind.objects_out_of_order": "Os pedidos chegam, e os itens algumas janelas depois.",
    "scenario.kind.delivered_again": "Um objeto é entregue uma segunda vez, com os mesmos bytes.",
    "scenario.kind.copied_under_other_name": "As linhas de um objeto chegam uma segunda vez, com "
    "um nome que não é do layout.",
    "scenario.kind.copied_into_other_window": "As linhas de uma janela chegam uma segunda vez, nos "
    "arquivos de outra janela do dia da unidade.",
    "scenario.kind.truncated": "Falta o fim de um arquivo.",
    "scenario.kind.empty": "Um arquivo chega sem nenhum byte.",
    "scenario.kind.header_only": "Um arquivo chega só com o cabeçalho.",
    "scenario.kind.wrong_encoding": "Um arquivo chega em outra codificação que não UTF-8.",
    "scenario.kind.other_delimiter": "Os campos de um arquivo são separados por outro caractere.",
    "scenario.kind.column_renamed": "Uma coluna de um arquivo tem outro nome.",
    "scenario.kind.column_dropped": "Falta uma coluna de um arquivo.",
    "scenario.kind.column_added": "Um arquivo tem uma coluna a mais.",
    "scenario.kind.columns_reordered": "As colunas de um arquivo estão em outra ordem.",
    "scenario.kind.yesterday_again": "Uma unidade envia mais uma vez as vendas do dia anterior.",
    "scenario.kind.clock_skew": "O relógio de uma unidade está uma janela adiantado: ela registra "
    "as vendas de uma janela na seguinte.",
    "scenario.kind.row_doubled": "Uma linha está duas vezes no arquivo.",
    "scenario.kind.value_out_of_range": "Um valor está fora do intervalo da coluna.",
    "scenario.kind.value_of_wrong_type": "Um valor é uma palavra onde cabe um número.",
    "scenario.kind.decimal_comma": "Um valor em dinheiro tem vírgula decimal.",
    "scenario.kind.other_date_format": "Uma data está escrita em outro formato.",
    "scenario.kind.wrong_unit": "Um pedido menciona outra unidade que não a do arquivo.",
    "scenario.kind.wrong_date": "Um pedido tem outra data que não a do arquivo.",
    "scenario.kind.item_without_order": "Chegam itens cujo pedido falta.",
    "scenario.kind.order_without_items": "Chega um pedido, mas nenhum de seus itens.",
    "scenario.kind.total_not_sum": "O total de um pedido não é a soma dos itens e da taxa.",
    "scenario.kind.unknown_product": "Um item menciona um produto que não está no catálogo.",
    "scenario.kind.unknown_type": "Um pedido tem um tipo que não existe.",
    "scenario.kind.unknown_status": "Um pedido tem um status que não existe.",
    "scenario.kind.price_drift": "Uma unidade vende alguns produtos por outro preço que o do "
    "catálogo; os totais conferem.",
    "scenario.kind.unit_silent": "Uma unidade não envia nada por dias, e nenhum manifesto a "
    "menciona.",
    "scenario.kind.spike": "Uma unidade envia muito mais pedidos do que a janela pode ter.",
    "scenario.kind.order_leak": "Uma parte crescente dos pedidos de uma unidade some sem deixar "
    "rastro.",
    "scenario.unseen.delivered_again": "Bytes iguais são as mesmas vendas: a Bronze substitui as "
    "linhas de um objeto pelas da nova geração, e depois nada difere.",
    "scenario.no_record": "{name} não é um registro de cenário: {reason}.",
    "scenario.none_applied": "Nenhum cenário está aplicado neste bucket.",
    "scenario.not_applied": "Nenhum cenário {name} está aplicado neste bucket: indique um "
    "de {known}.",
    "scenario.several_records": "O cenário {name} está aplicado a vários pedidos de dados: "
    "indique um de {known}.",
    "scenario.applied_already": "O cenário {scenario} já está aplicado à unidade {unit:d} em "
    "{day}, {window} ({name}): retire-o primeiro. Nada foi gravado.",
}
