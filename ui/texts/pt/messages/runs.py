"""Runs: their titles, their results, and how they ended if they did not succeed."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    # Words that titles and results share.
    "words.dates": "{first} a {last}",
    "words.some_dates": "{count:# data|# datas}, de {first} a {last}",
    "words.whole_day": "dia inteiro",
    "words.unit": "unidade {unit:d}",
    "words.units": "{count:# unidade|# unidades}",
    "words.units_published": "as unidades publicadas",
    "words.seed": "semente {seed:d}",
    "words.seeds_published": "sementes publicadas ou a do projeto",
    "words.request": "{dates} {hours}, {count:# unidade|# unidades}, semente {seed:d}",
    "words.cells": "{day} {hours}, {units}",
    "layer.bronze": "Bronze",
    "layer.silver": "Silver",
    "layer.gold": "Gold",
    "layer.aggregations": "Agregações",
    # Titles.
    "title.generate": "Gerar {what} em {folder}",
    "title.upload": "Enviar {what}",
    "title.upload_task": "Enviar {what}, tarefa {index} de {count}",
    "title.verify": "Verificar o envio de {what}",
    "title.ingest": "Ingerir o que está pendente",
    "title.rebuild": "Reconstruir {layers}",
    "title.rebuild_whole": "Reconstruir por completo {layers}",
    "title.simulate": "Simular {day}, {count:# unidade|# unidades}, semente {seed:d}",
    "title.remove": "Remover {what}",
    "title.settle": "Limpar os restos de objetos apagados, {dates}",
    "title.delete": "Apagar {name}",
    "title.delete_many": "Apagar {count:# arquivo|# arquivos}, como {name}",
    "title.try": "Testar sem gravar: {what}",
    "title.fill": "Preencher a lacuna de {what}",
    "title.write_again": "Gravar de novo {what}",
    "title.reload": "Ingerir de novo {what}",
    "title.backfill": "Preencher {count:# janela|# janelas}, {dates}, {units}, {seed}",
    "title.refresh": "Atualizar {day}",
    "title.refresh_by_airflow": "Atualizar {day} pelo Airflow",
    "title.refresh_whole": "{refresh}, todas as camadas por completo",
    "title.simulate_scenario": "{simulate}, cenário {scenario}",
    "title.scenario": "Cenário {scenario}: {what}",
    "title.release": "Liberar os objetos retidos que já deviam ter chegado",
    "title.release_all": "Liberar todos os objetos retidos",
    "title.withdraw": "Retirar o cenário {scenario}: {what}",
    # Parts of results.
    "done.published": "{orders:# pedido|# pedidos} e {items:# item|# itens}: "
    "{files:# arquivo gravado|# arquivos gravados}",
    "done.published_same": "{published}, {same:# já existia|# já existiam}",
    "done.loaded": "{rows:# linha carregada|# linhas carregadas} na Bronze",
    "done.loaded_rejected": "{loaded}, {rejected:# rejeitada|# rejeitadas} para a quarentena",
    "done.unread": "{count:# entrada não pôde ser lida|# entradas não puderam ser lidas}, como "
    "{name}: {reason}.",
    # Results.
    "result.generate": "{published} na pasta {folder}.",
    "result.upload": "{published} no bucket; {loaded}.",
    "result.upload_events": "{published} no bucket; a csv-processor os leva à Bronze.",
    "result.nothing_pending": "Nada estava pendente: a Bronze tem todos os objetos do bucket.",
    "result.nothing_loaded": "Nada foi carregado.",
    "result.held": "{count:# objeto fica retido|# objetos ficam retidos}.",
    "result.release": "{count:# objeto retido liberado|# objetos retidos liberados}.",
    "result.release_late": "{count:# deles já tem|# deles já têm} outro conteúdo no bucket, que "
    "fica.",
    "result.release_none": "Nenhum objeto retido devia ter chegado.",
    "result.withdraw": "{published}; {deleted:# objeto do cenário apagado|# objetos do cenário "
    "apagados}.",
    "result.withdrawn_before": "O cenário já foi retirado.",
    "result.ingest": "{count:# objeto ingerido|# objetos ingeridos}; {loaded}.",
    "result.reload": "{count:# objeto ingerido|# objetos ingeridos} de novo; {loaded}.",
    "result.rebuild": "{layers}: reconstrução feita, {tables:# tabela|# tabelas}, "
    "{checks:a única verificação passou|todas as # verificações passaram}.",
    "result.rebuilt_dates": "Datas construídas: {counts}.",
    "result.layer_all": "{layer} todas",
    "result.layer_dates": "{layer} {count}",
    "result.simulate": "O dia {day} está na Gold: {orders:# pedido|# pedidos} de "
    "{units:# unidade|# unidades} em {windows:# janela|# janelas}.",
    "result.layers_rebuilt": "{result}; reconstrução feita: {layers}",
    "result.sentence": "{result}.",
    "result.remove": "{count:# objeto removido|# objetos removidos}, com as suas linhas",
    "result.remove_kept": "{result}; {kept:# fica, pois a sua unidade|# ficam, pois as suas "
    "unidades} têm outro conteúdo",
    "result.remove_broken": "Manifestos ilegíveis que ficam, pois as suas janelas têm outros "
    "objetos: {names}; enviar essas janelas de novo, com substituição, os troca.",
    "result.settle": "{count:# resto limpo|# restos limpos}: {rows:# linha saiu|# linhas saíram} "
    "da Bronze, {reports:# relatório saiu|# relatórios saíram} da quarentena",
    "result.delete": "{count:# arquivo apagado|# arquivos apagados}, com {rows:# linha|# linhas} "
    "da Bronze e {reports:# relatório|# relatórios} na quarentena",
    "result.settle_stay": "{count:# fica|# ficam}: settle_deleted.py diz por quê.",
    "result.try": "Teste, nada foi gravado: {new:# objeto seria novo|# objetos seriam novos}, "
    "{same:# já existe|# já existem}, {different:# tem|# têm} outro conteúdo.",
    "result.try_conflict": "O envio seria recusado até que você confirme a substituição.",
    "result.backfill": "{count:# janela está|# janelas estão} na Bronze: "
    "{orders:# pedido|# pedidos} de {units:# unidade|# unidades}.",
    "result.windows_there": "Todas as janelas de {day} estão lá.",
    "result.refreshed": "{day} está atualizado.",
    "result.airflow": "O Airflow atualizou {day}: {count:# tarefa feita|# tarefas feitas}.",
    # Why a layer was built whole.
    "why_whole.asked": "Reconstrução completa solicitada.",
    "why_whole.first": "Primeira construção.",
    "why_whole.below": "A camada abaixo não foi anotada por data.",
    "why_whole.sql": "O SQL dela não é o da última construção.",
    "why_whole.most": "Mais da metade das datas mudou.",
    "why_whole.columns": "Faltava uma tabela, ou tinha colunas diferentes das que o SQL faz.",
    "why_whole.dependent": "Um id está em duas datas, ou um item em outra data que a do pedido.",
    # Results of command lines.
    "script.published": "{orders:# pedido|# pedidos} e {items:# item|# itens} no valor de "
    "R$ {value:,.2f} em {place}; arquivos: {files}.",
    "script.new": "{count:# novo|# novos}",
    "script.same": "{count:# já existia|# já existiam}",
    "script.replaced": "{count:# substituído|# substituídos}",
    "script.ingested": "Bronze: {objects:# objeto|# objetos}, "
    "{rows:# linha carregada|# linhas carregadas}",
    "script.ingested_rejected": "{ingested}, {rows:# linha|# linhas} na quarentena "
    "({files:# arquivo inteiro|# arquivos inteiros})",
    "script.left_to_events": "A csv-processor leva os objetos novos à Bronze: "
    "`python scripts/verify_upload.py` espera por eles e compara.",
    "script.task": "Tarefa {index} de {count}, {done} de {shards:# parte|# partes}: {result}",
    "script.nothing_loaded": "Bronze: nada foi carregado.",
    "script.nothing_pending": "Bronze: nada está pendente.",
    "script.left": "ficou: {name}: {reason}",
    "run.claimed": "A execução {run:d} ({title}) trabalha em {claim}: espere até que termine.",
    # How a run ended that did not succeed.
    "end.cancelled": "Foi cancelada: o que fez até ali conta.",
    "end.lost": "O processo que fazia o trabalho terminou antes dele. Tente de novo: o que está "
    "feito conta.",
    "end.stopped": "Foi parada, por quem a iniciou, antes de terminar. Tente de novo: o que está "
    "feito conta.",
    "end.unexpected": "Aconteceu algo inesperado ({kind}): o log do servidor tem os detalhes. "
    "Tente de novo, ou relate o caso.",
    "end.displaced": "A execução {run:d} parou no próximo passo ({state}): o que está feito conta.",
    "end.checks_failed": "{layer}: ficou como estava, pois {failed:# verificação falhou|"
    "# verificações falharam} de {count}: {check} ({rows:# linha falha|# linhas falham}); "
    "docs/bronze.md diz o que fazer.",
    "end.windows_failed": "{failed:# janela falhou|# janelas falharam} de {count}, a primeira foi "
    "{window}: {error}",
    "end.others_done": "As outras estão na Bronze.",
    "end.still_wrong": "{count:# objeto ainda não está|# objetos ainda não estão} como o esperado: "
    "{name}: {verdict} ({detail}).",
    "end.airflow": "O Airflow não atualizou {day}: falhou {task}. {reason} Veja {address}.",
    "end.airflow_a_task": "uma tarefa",
    "words.listed": "{first}; {rest}",
    "state.queued": "na fila",
    "state.running": "em andamento",
    "state.cancelling": "em cancelamento",
    "state.succeeded": "concluída",
    "state.failed": "falhou",
    "state.interrupted": "interrompida",
    "state.cancelled": "cancelada",
    "state.forgotten": "esquecida",
    "step.done": "feito",
    "step.comparing": "comparando com o que já existe",
    "step.compared": "comparado",
    "step.layers": "Silver, Gold e agregações",
    "step.publishing": "publicando",
    "step.published": "publicado",
    "step.removed": "removido",
    "step.releasing": "liberando objetos retidos",
    "step.looking": "vendo o que já existe",
    "step.comparing_there": "comparando o que já existe",
    "step.to_bronze": "{day} para a Bronze",
    "step.written_again": "objetos gravados de novo",
    "step.objects_to_bronze": "objetos para a Bronze",
    "step.left_overs": "restos de objetos apagados",
    "step.listing": "listando",
    "step.in_bronze": "na Bronze",
    "step.window": "{day} {hours}",
    "step.airflow": "Airflow: {state}",
}
