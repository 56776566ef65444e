"""Requests that are not valid."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "request.verify_one_date": "Um envio é verificado pelas janelas de uma data: informe uma data.",
    "request.wait": "Uma espera de {wait_s:g} s não é possível: use de 0 a {most:g}.",
    "request.backfill_no_window": "Um preenchimento precisa de pelo menos uma janela.",
    "request.unit": "A unidade {unit:d} não existe: as unidades vão de 1 a {most}.",
    "request.not_begun": "{day} ainda não começou: atualize {last} ou uma data anterior.",
    "request.gaps": "As lacunas são {gaps!r}: use {choices}.",
    "request.days": "{days:# dia não é possível|# dias não são possíveis}: verifique de 1 a "
    "{most}.",
    "request.table": "A Gold não tem a tabela {table!r}: use uma de {tables}.",
    "request.rows": "{limit:# linha não é possível|# linhas não são possíveis}: use de 1 a {most}.",
    "request.nothing_to_fill": "Nada a fazer de {first} a {last}: nenhuma janela já vencida está "
    "como o modo pede.",
    "request.cannot_retry": "A execução {run:d} não pode ser tentada de novo: indique uma que "
    "terminou.",
    "request.parameter": "A execução {run:d} tem um parâmetro que esta versão não conhece, "
    "{parameter!r}: ela conhece {known}.",
    "request.layers": "As camadas são {given}: escolha entre {layers}.",
    "request.step": "{step!r} não é um passo da atualização: use {steps}.",
    "request.nothing_to_remove": "Não há nada a remover: aquela execução não criou objetos.",
    "request.window_unknown": "A janela {window} não está no catálogo: ele tem {known}.",
    "request.simulate_one_date": "Uma simulação passa pelas janelas de uma data: informe uma data.",
    "request.pause": "Uma pausa de {pause_s:g} s não é possível: use de 0 a {most:g}.",
    "request.load_jobs": "Carregar isto usa cerca de {wanted:,} jobs de carga por tabela, e o "
    "BigQuery aceita {most:,} por dia: use --format parquet, que usa um por data, ou menos datas, "
    "ou omita --load.",
    "request.function": "{function!r} não é uma função: escolha uma de {functions}.",
    "request.lines": "{limit:# linha não é possível|# linhas não são possíveis}: peça de 1 a "
    "{most}.",
    "request.parquet_dates": "Um arquivo Parquet tem uma data e foram pedidas {count}: "
    "publique-as uma a uma.",
    "request.preview": "{count:# par de arquivos é demais|# pares de arquivos são demais} para "
    "verificar antes: use {most:,} ou menos, ou a linha de comando.",
    "request.reference": "{kind!r} não são dados de referência: use {kinds}.",
    "request.nothing_to_write": "Nada a gravar: informe pelo menos uma unidade.",
    "request.no_sales_object": "{name!r} não é o nome de um objeto de vendas.",
    "request.not_loaded_again": "{name} não é carregado de novo. {reason}",
    "request.empty": "Um pedido precisa de pelo menos uma data e uma unidade.",
    "request.orders": "De {fewest} a {most} pedidos por dia não é possível: use de 0 a {limit}, o "
    "menor número primeiro.",
    "request.tasks": "{count:# tarefa não é possível|# tarefas não são possíveis}: use 1 ou mais.",
    "request.task": "A tarefa {index} de {count} não existe: use de 0 a {last}.",
    "request.month": "{text!r} não é um mês: escreva AAAA-MM, como 2026-02.",
    "request.month_range": "{month} está fora do intervalo: os meses vão de {first:%m/%Y} a "
    "{last:%m/%Y}.",
    "request.region": "{region!r} não é uma região: use uma como us-central1.",
    "request.no_window": "{start}-{end} não é uma janela de vendas: escolha uma de {known}.",
    "request.date_range": "{day} está fora do intervalo: as datas vão de {first} a {last}.",
    "request.units": "{units:# unidade não é possível|# unidades não são possíveis}: peça de 1 a "
    "{most}.",
    "request.seed": "A semente {seed:d} não é possível: use um número inteiro de 0 a {most:d}.",
    "request.backwards": "O intervalo está invertido: {last} vem antes de {first}.",
    "request.no_date": "{text!r} não é uma data: escreva AAAA-MM-DD, como 2026-02-01.",
    "request.units_unknown": "{count:# janela não existe|# janelas não existem}, e nenhum "
    "manifesto de {days} diz para quais unidades: informe quantas (--units, ou o parâmetro units "
    "da DAG).",
    "request.day_and_more": "{day} e de mais {count:# data|# datas}",
    "daily.gaps": "{count:Falta # janela|Faltam # janelas} de {day}: {gaps}.",
    "daily.waited_for": "Espera-se por elas.",
    "daily.generate": "Gere-as (scripts/backfill.py), ou deixe que as lacunas sejam preenchidas.",
    "daily.differs": "{day} difere entre {place} ({counts}) e {other} ({others}): reconstrua, com "
    "`--full` se isso se repetir.",
    "daily.same": "{day} é igual dos manifestos às agregações: {counts}.",
    "daily.faults": "{count:# objeto|# objetos} de {day} {count:não está|não estão} como o "
    "esperado: {objects}.",
    "daily.counts": "{orders:# pedido|# pedidos}, {items:# item|# itens}",
    "daily.counts_revenue": "{orders:# pedido|# pedidos}, {items:# item|# itens}, R$ "
    "{revenue:,.2f}",
    "request.number": "{number} ({what}) não é possível: use de 0 a {most}.",
    "arrival.what": "{day} {windows} de {units:# unidade|# unidades}",
    "arrival.arrived": "Chegou: {what} está na Bronze, {orders:# pedido|# pedidos} e {items:# "
    "item|# itens} de {objects:# objeto|# objetos} ({size:,} bytes).",
    "arrival.state": "{what}: {objects:,} de {all_objects:# objeto está|# objetos estão} no "
    "bucket ({verdicts}); a Bronze tem {orders:,} de {all_orders:# pedido|# pedidos} e {items:,} "
    "de {all_items:# item|# itens}",
    "arrival.differs": "Difere: {state}; {objects}.",
    "arrival.not_yet": "Ainda não: {state}.",
    "arrival.wait_longer": "A csv-processor ainda não levou todos: espere mais, ou veja `python "
    "scripts/logs.py {function}`.",
    "arrival.ingest": "`python scripts/ingest_pending.py` os leva à Bronze.",
    "arrival.upload": "Envie a janela para completar o que falta: nada é gravado duas vezes.",
    "arrival.not_begun": "A janela não começou.",
    "line.never": "nunca gerado",
    "line.skipped": "nada o carrega: de {sales} carregam-se nomes terminados em .csv, de "
    "{parquet} os terminados em .parquet, em minúsculas",
    "line.not_in_bucket": "o manifesto o nomeia, o bucket não o tem",
    "line.held": "um cenário o retém até que seja liberado",
    "line.held_until": "um cenário o retém até {day}, {time}",
    "line.not_uploaded": "na pasta de saída, não enviado",
    "line.not_ingested": "ainda não ingerido",
    "line.not_of_manifest": "o objeto não é o que o manifesto nomeia",
    "line.not_ingested_one": "o objeto não é o que foi ingerido",
    "line.bulk_and_incremental": "dados em lote e incrementais da mesma unidade e data",
    "line.csv_and_parquet": "arquivos CSV e dados em Parquet da unidade {unit:d} da mesma data",
    "line.rows_without_object": "nenhum objeto, mas {count:# linha dele está|# linhas dele estão} "
    "na Bronze",
    "line.written_again": "gravado de novo desde que foi ingerido",
    "line.duplicates": "{count:# linha|# linhas} cujo id também está em outro lugar",
    "line.rejected": "{count:# linha|# linhas} na quarentena",
    "line.rejected_and_lost": "{count:# linha|# linhas} na quarentena, e faltam outras: "
    "{expected:esperava-se # linha|esperavam-se # linhas}, a Bronze tem {rows}",
    "line.loaded_and_had": "{loaded:# linha foi carregada|# linhas foram carregadas}, a Bronze "
    "tem {rows}",
    "line.expected_and_had": "{expected:esperava-se # linha|esperavam-se # linhas}, a Bronze tem "
    "{rows}",
    "line.of_bulk_unit": "a unidade tem dados em lote desse dia",
    "line.of_parquet_unit": "a unidade está nos dados em Parquet desse dia",
    "line.without_unit": "a janela foi publicada sem esta unidade",
    "verdict.in_bronze": "na Bronze",
    "verdict.not_due": "ainda não devido",
    "verdict.uploaded": "enviado",
    "verdict.generated": "gerado",
    "verdict.missing": "ausente",
    "verdict.quarantined": "em quarentena",
    "verdict.mismatch": "divergente",
    "verdict.duplicated": "duplicado",
    "verdict.mixed": "em lote e incremental misturados",
    "arrival.count": "{count:,} {verdict}",
    "arrival.object": "{name}: {detail}",
    "arrival.more": "e mais {count:,}",
    "daily.fault": "{name} {verdict} ({detail})",
    "daily.fault_plain": "{name} {verdict}",
    "daily.more": "e mais {count}",
    "daily.gap": "{hours} {why}",
    "why.bulk": "{count:# unidade|# unidades} com dados em lote",
    "why.faulty": "{count:# objeto|# objetos} não como o esperado",
    "why.missing": "{count:# objeto|# objetos} em falta",
    "why.never": "{count:# unidade nunca gerada|# unidades nunca geradas}",
    "why.unknown": "nenhum manifesto diz para quais unidades",
    "why.pending": "{count:# objeto|# objetos} ainda fora da Bronze",
    "why.last_failed": "a última execução falhou",
    "why.fine": "como esperado",
    "why.all": "todas as",
    "request.nothing_to_delete": "Nada a apagar: informe pelo menos um arquivo.",
    "line.size": "tem {size} bytes, o manifesto diz {listed}",
    "line.checksum": "os seus bytes não são os da soma de verificação do manifesto",
    "line.not_there": "o bucket não o tem",
}
