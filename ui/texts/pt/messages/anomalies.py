"""What is wrong with the volume or content of sales."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "anomaly.price": "O item {item} em {name} custa R$ {price}; o preço do produto {product} no "
    "catálogo é R$ {right}.",
    "anomaly.no_order": "O item {item} em {name} é do pedido {order}, que a Bronze não tem.",
    "anomaly.no_items": "O pedido {order} em {name} não tem itens na Bronze.",
    "anomaly.total": "O pedido {order} em {name} diz R$ {value}; os seus itens e a taxa somam R$ "
    "{right}.",
    "anomaly.row_twice": "A linha {id} de {name} está duas vezes na Bronze.",
    "anomaly.row_in_two": "A linha {id} de {name} também está em {original}.",
    "anomaly.copied": "A linha {id} de {name} é uma cópia de outra janela, {original}.",
    "anomaly.yesterday_again": "Todas as linhas de {name} são cópias de uma data "
    "anterior, {original}.",
    "anomaly.same_content": "{name} tem o conteúdo de {original} com outros ids.",
    "anomaly.row_of_yesterday": "A linha {id} de {name} é uma cópia de uma data "
    "anterior, {original}.",
    "anomaly.cut": "De um tipo há mais de {most:,}, das quais só as primeiras são contadas.",
    "anomaly.range": "{name} tem {orders:,# pedido|,# pedidos}; são de {least:,} a {most:,} por "
    "unidade.",
    "anomaly.skew": "{name} tem tantos pedidos quanto a janela anterior, como cada janela da "
    "unidade {unit:d} em {day}.",
    "anomaly.unit": "A unidade {unit:d} tem {orders:,# pedido|,# pedidos} de {first} a {last}; os "
    "tipos desses dias explicam cerca de {expected:,}.",
    "anomaly.chain": "A rede tem {orders:,# pedido|,# pedidos} de {first} a {last}; os tipos "
    "desses dias explicam cerca de {expected:,}.",
    "anomaly.silent": "Nada chegou da unidade {unit:d} em {day}.",
    "anomaly.parquet_skipped": "Dias em Parquet não são avaliados, pois nenhum dos seus objetos "
    "diz a unidade: {days}.",
    "anomaly.count": "Anomalias {dates_told}: {count:,}.",
    "anomaly.volume_fine": "As quantidades de pedidos {dates_told} estão nas suas faixas, e os "
    "tipos de dia as explicam.",
    "anomaly.volume_advice": "Pergunte às unidades se venderam isso. O que enviaram errado elas "
    "gravam de novo com o mesmo nome; depois ingira o que está pendente. docs/troubleshooting.md "
    "diz como uma quantidade é avaliada.",
    "anomaly.content_fine": "Nenhuma linha {dates_told} é uma cópia, pedidos e itens combinam, e "
    "os preços são os do catálogo.",
    "anomaly.content_advice": "Compare os objetos no Armazenamento com o que a unidade tem. Grave "
    "o arquivo certo com o seu nome, ou tire uma cópia do bucket; depois ingira o que está "
    "pendente.",
}
