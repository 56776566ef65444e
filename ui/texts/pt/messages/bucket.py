"""The bucket: names, objects, manifests, and what prevents a publication."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "bucket.same_sales": "{reason} Pode ser sobre as mesmas vendas: apague-o.",
    "bucket.being_published": "Dados da unidade {unit:d} em {day} estão sendo publicados "
    "({other}, {name}), e outros do mesmo dia ({new}) contariam as vendas duas vezes. Espere que "
    "essa publicação termine. Se foi encerrada à força, execute-a de novo, ou apague esse objeto.",
    "bucket.version": "{name} tem a versão {version}: aqui se lê a {known}.",
    "bucket.no_announcement": "{name} não é o anúncio de uma publicação.",
    "bucket.deleted_loading": "{name} foi apagado por outros enquanto era carregado.",
    "bucket.changed_loading": "{name} foi alterado por outros enquanto era carregado.",
    "bucket.no_name": "{name!r} não é o nome de um objeto daqui: os nomes começam com {known}.",
    "bucket.not_there": "{name} não está no bucket {bucket!r}.",
    "bucket.too_large": "{name} tem {size} bytes: aqui se mostram até {most}, um objeto maior "
    "deve ser copiado do bucket.",
    "bucket.archive": "{size} bytes são demais para um só arquivo ZIP: use {most}.",
    "bucket.no_manifest": "{name} não é um manifesto: {reason}.",
    "bucket.loaded_by_writer": "{name} ainda não foi carregado por quem o gravou junto com outros.",
    "bucket.not_seen": "{name} ainda não pode ser visto.",
    "bucket.generation_not_seen": "{name} ainda não pode ser visto na geração {generation:d}.",
    "bucket.not_the_one": "O bucket {bucket!r} não tem arquivos de referência nem manifestos, "
    "então pode não ser aquele de que a Bronze foi carregada: nada é limpo.",
    "bucket.unit_has_parquet": "A unidade {unit:d} tem dados em Parquet em {day} ({name}): "
    "{way_out}",
    "bucket.unit_has_other": "A unidade {unit:d} tem dados de outro tipo ({other}, e não "
    "{wanted}) em {day} ({name}): {way_out}",
    "bucket.unit_has_csv": "A unidade {unit:d} tem arquivos CSV em {day} ({name}): {way_out}",
    "bucket.not_in": "{name} não está em {place}.",
    "bucket.not_in_generation": "{name} não está na geração {generation:d}.",
    "bucket.none": "Não existe o bucket {bucket!r}: crie-o com o comando da implantação, ou "
    "defina GCS_BUCKET_NAME com um que existe.",
    "bucket.not_in_if_generation": "{name} não está na geração {generation:d}.",
    "bucket.changed": "{name} foi alterado por outros nesse meio-tempo.",
    "bucket.other_content": "{name} existe com outro conteúdo.",
    "bucket.no_name_in": "{name!r} não é o nome de um objeto em {root}.",
    "bucket.refused": "{doing}: {reason}.",
    "bucket.other_generation": "{name} está na geração {generation:d}, não na {wanted:d}.",
    "bucket.broken_link": "Não é possível gravar {path}: é um link para algo que não existe.",
    "bucket.cannot_read": "Não é possível ler {path}: {reason}.",
    "bucket.keeps_time": "{path} mantém a sua hora de modificação, então o que entrasse em seu "
    "lugar não seria carregado: nada foi gravado.",
    "bucket.not_in_root": "{name} não está em {root}.",
    "bucket.locked": "{root} está bloqueada por outro processo: tente de novo.",
    "bucket.written_all_the_time": "{name} está sendo gravado por outros o tempo todo: tente mais "
    "tarde.",
    "bucket.nothing_written": "{error} Nada foi gravado; a substituição o troca.",
    "bucket.no_report": "{name} não é um relatório de erros da quarentena: {error}.",
    "bucket.written_again": "{name} foi gravado de novo nesse meio-tempo.",
    "bucket.written_by_others": "{name} foi gravado por outros nesse meio-tempo.",
    "bucket.way_out": "outros do mesmo dia contariam as vendas duas vezes. Escolha outra data, "
    "apague os outros dados, ou force a mistura.",
    "bucket.unreadable": "{name} não pode ser lido: {reason}",
    "bucket.conflict": "{count:# objeto existe|# objetos existem} com outro conteúdo em "
    "{bucket!r}, entre eles {name}: nada foi gravado. Foram feitos com outra semente ou outro "
    "intervalo de pedidos: peça isso, ou substitua-os.",
    "bucket.conflict_scenario": "{count:# objeto existe|# objetos existem} com outro conteúdo em "
    "{bucket!r}, entre eles {name}: nada foi gravado. Essa janela foi publicada sob o cenário "
    "{scenario}: retire-o, ou substitua os objetos.",
    "bucket.conflict_spoiling": "{count:# objeto existe|# objetos existem} com outro conteúdo em "
    "{bucket!r}, entre eles {name}: nada foi gravado. O cenário {scenario} estraga as vendas ao "
    "publicá-las: escolha datas, janelas ou unidades sem vendas, ou substitua os objetos.",
    "bucket.scenario_windows": "O cenário {scenario} estraga os arquivos CSV de janelas, não dias "
    "inteiros nem Parquet: indique janelas, ou publique sem cenário.",
    "bucket.conflict_parquet": "{name} existe com outro conteúdo em {bucket!r}: nada dessa data "
    "foi gravado. Foi feito para outras unidades ou janelas, com outra semente, ou por outra "
    "versão do pyarrow: peça isso, ou substitua-o.",
    "bucket.written": "Gravados antes disso: {names}.",
    "bucket.written_and_more": "Gravados antes disso: {names} e mais {count}.",
    "entry.dangling": "é um link para algo que não existe",
    "entry.loop": "é um link para uma pasta em que ele mesmo está",
    "entry.not_text": "o seu nome não é UTF-8",
    "entry.unreadable": "não pode ser lido: {reason}",
    "leftover.hidden": "{name}: {reason}, então o objeto pode estar lá.",
    "leftover.half": "{name} está lá: grave de novo o objeto que falta (`backfill.py`, ou "
    "Preencher a lacuna em Bronze), ou tire também o outro do bucket.",
    "bucket.no_stray": "{name} não é apagado: um manifesto o nomeia, uma publicação o "
    "grava, falta o seu manifesto, ou não é um arquivo de vendas.",
    "bucket.stray_written_again": "{name} foi gravado de novo nesse meio-tempo, ou está sendo "
    "publicado, e fica: veja-o antes de apagar.",
    "malformed.nested": "está aninhado demais",
    "malformed.not_json": "não é JSON ({error})",
    "malformed.it": "ele",
    "malformed.no_object": "{what} é {value} em vez de um objeto",
    "malformed.whole": "um número inteiro de {least:d} a {most:d}",
    "malformed.list": "uma lista",
    "malformed.absent": "não tem {key!r}, que é {valid}",
    "malformed.instead": "{key!r} é {value} em vez de {valid}",
    "malformed.other_name": "é o de {of}, cujo nome é {name}",
    "malformed.unit_twice": "nomeia duas vezes a unidade {unit:d}",
    "malformed.units": "as suas unidades não são números inteiros, cada um uma vez",
}
