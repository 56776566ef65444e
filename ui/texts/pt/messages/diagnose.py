"""What the diagnostics find, and what to do about it."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "diagnose.pending_long": "{waits}, {dates_told}; o mais antigo desde {since}, como {name}.",
    "diagnose.ingest": "Ingira o que está pendente: o que já está lá não soma nada.",
    "diagnose.unreadable": "{count:# entrada|# entradas} do bucket {count:não pode ser lida|não "
    "podem ser lidas}, {dates_told}, como {name}: {reason}.",
    "diagnose.unreadable_advice": "Retire-as, ou ponha em seu lugar arquivos que possam ser "
    "lidos, com nomes em UTF-8; depois ingira. Os outros objetos são carregados enquanto isso.",
    "diagnose.quarantine": "{count:# arquivo tem|# arquivos têm} linhas na quarentena, como "
    "{name}: {reason}",
    "diagnose.quarantine_advice": "Veja as linhas, com os motivos, em Armazenamento; grave o "
    "arquivo de novo com o próprio nome e ingira o que está pendente. docs/bronze.md diz o que é "
    "aceito.",
    "diagnose.quarantine_gone": "Relatórios na quarentena: {count:,}, de objetos que não existem "
    "mais, como {name}.",
    "diagnose.quarantine_line": "linha {line:d}: {reason}",
    "diagnose.pending_none": "Todos os objetos {dates_told} estão na Bronze.",
    "diagnose.pending_now": "{waits}, o mais antigo desde há pouco.",
    "diagnose.pending_lost_ledger": "Não os ingira: a Bronze tem linhas que faltam no registro, e "
    "as contaria duas vezes. Cuide antes do registro.",
    "diagnose.unreadable_none": "Todas as entradas {dates_told} podem ser lidas.",
    "diagnose.quarantine_none": "Nada está na quarentena.",
    "diagnose.quarantine_no_report": "o relatório não pode ser lido.",
    "diagnose.of_date": "de {day}",
    "diagnose.of_dates": "de {first} a {last}",
    "diagnose.not_looked_at": "Não pôde ser verificado: {reason}",
    "diagnose.make_good": "Resolva o que a frase aponta e verifique de novo.",
    "diagnose.unexpected": "Não pôde ser verificado: aconteceu algo inesperado ({kind}).",
    "diagnose.unexpected_advice": "O log do servidor tem os detalhes: relate o caso com o nome da "
    "verificação.",
    "diagnose.doubled": "Ids que aparecem mais de uma vez na Bronze: {ids:,}; linhas a mais: "
    "{more:,}",
    "diagnose.doubled_in": "{found}; os mesmos ids estão em {first} e em {last}",
    "diagnose.mixed_parquet": "{day} tem {detail}: as vendas contam em dobro.",
    "diagnose.doubled_copies": "{found}, e os dois estão no bucket com os mesmos bytes.",
    "diagnose.doubled_copies_advice": "Tire a cópia do bucket, como {name}, e limpe o que deixou "
    "na Bronze.",
    "diagnose.mixed_advice": "Fique com um tipo só. Para manter o incremental, tire do bucket "
    "{count:# objeto|# objetos} de lote, como {name}, e limpe o que deixaram na Bronze.",
    "diagnose.mixed_parquet_advice": "Fique com um tipo só. Para manter os arquivos CSV, tire do "
    "bucket os objetos Parquet e o seu manifesto, limpe o que deixaram na Bronze e gere de novo "
    "as unidades que não tinham arquivos CSV.",
    "diagnose.mixed_gone": "{found} {name} tem linhas na Bronze e não está mais no bucket.",
    "diagnose.no_bronze": "A Bronze ainda não tem tabelas.",
    "diagnose.doubled_none": "Nenhum pedido e nenhum item aparece duas vezes na Bronze.",
    "diagnose.doubled_gone": "{found}; {name} tem linhas na Bronze e não está mais no bucket.",
    "diagnose.doubled_loaded": "{found}; linhas de {name} foram carregadas duas vezes.",
    "diagnose.doubled_loaded_advice": "Carregue o objeto mais uma vez: as linhas novas tomam o "
    "lugar de todas as antigas. Depois reconstrua as camadas.",
    "diagnose.doubled_unexplained": "{found}, e nenhum objeto do bucket as explica.",
    "diagnose.doubled_differ": "{found}, com bytes diferentes.",
    "diagnose.doubled_differ_advice": "Nenhum é cópia do outro, então nada é proposto: compare os "
    "dois em Armazenamento, e tire do bucket o que não deve contar.",
    "diagnose.mixed_none": "Nenhuma unidade tem dados em lote e incrementais {dates_told}.",
    "diagnose.settings": "A configuração é válida: {place}, datasets {prefix}_*.",
    "diagnose.project": "O projeto está completo em {root}: os seus comandos funcionam de "
    "qualquer pasta pelo caminho, como python {command}.",
    "diagnose.packages": "O Python é o {version}, e todos os {count} pacotes são das versões "
    "fixadas.",
    "diagnose.zone": "{name} é conhecida com o horário de verão até 2019: {offsets}.",
    "diagnose.zone_offset": "{month:%m/%Y} {offset}",
    "diagnose.zone_offset_wrong": "{month:%m/%Y} tem {offset}, e não {right}",
    "diagnose.emulators": "{names} está definida, mas não {google}: usa-se a pasta {home}, e "
    "nenhum emulador.",
    "diagnose.emulators_advice": "Defina os dois para a nuvem emulada, ou retire o endereço.",
    "diagnose.project_lacks": "Em {root} faltam {names}.",
    "diagnose.project_advice": "Restaure o projeto, e chame os seus comandos como documentado.",
    "diagnose.python_old": "O Python é o {version}: precisa ser 3.11 ou mais novo.",
    "diagnose.python_advice": "Instale um Python mais novo, e os pacotes nele.",
    "diagnose.packages_absent": "Pacotes não instalados: {names}.",
    "diagnose.packages_absent_advice": "Instale-os no Python que executa isto.",
    "diagnose.packages_other": "Pacotes de outras versões: {names}.",
    "diagnose.packages_other_advice": "O projeto é testado com as versões fixadas: instale essas.",
    "diagnose.zone_wrong": "O fuso horário {name} não está certo: {faults}.",
    "diagnose.zone_wrong_advice": "Atualize a base de fusos horários e reinicie o painel.",
    "diagnose.settings_advice": "Defina o que falta, ou retire o que não é válido, e reinicie o "
    "painel.",
    "diagnose.zone_absent": "A base de fusos horários não tem {name}.",
    "diagnose.zone_absent_advice": "Instale a base e reinicie o painel.",
    "diagnose.settle": "Se não foi de propósito, ponha-os de volta com os seus nomes. Do "
    "contrário, limpe-os: saem as suas linhas, entradas do registro e relatórios, e nenhum objeto "
    "do bucket é tocado.",
    "diagnose.left_overs": "Objetos que não existem mais e deixaram algo, {dates_told}: "
    "{count:,}, como {name}; linhas na Bronze: {rows:,}, relatórios na quarentena: {reports:,}.",
    "diagnose.left_overs_none": "Nada restou de objetos apagados {dates_told}.",
    "diagnose.room": "Livres: {free:bytes}; {home} ocupa {taken:bytes}.",
    "diagnose.room_advice": "Libere espaço no disco, ou aponte MRHEALTH_HOME para uma pasta em "
    "outro.",
    "diagnose.clock_advice": "Deixe a máquina acertar o relógio pela rede.",
    "diagnose.future": "Objetos com data no futuro: {count:,}, como {name}. As suas horas estão "
    "erradas, e uma ingestão pode ter de lê-los para ver se mudaram.",
    "diagnose.future_advice": "Dê a eles a hora atual e ingira: são carregados mais uma vez.",
    "diagnose.history_damaged": "O histórico de execuções {file} está danificado: {faults}.",
    "diagnose.history_advice": "Ponha-o de lado: um novo é criado. Bucket e warehouse não são "
    "tocados.",
    "diagnose.warehouse_whole": "Todas as {rows:,} linhas de {count} tabelas puderam ser lidas "
    "({size:bytes}).",
    "diagnose.clock_nothing": "Ainda não foi gravado nada que outro relógio pudesse ter datado.",
    "diagnose.clock_no_time": "A resposta não disse que horas são.",
    "diagnose.clock": "O relógio daqui e o de {whose} concordam, com menos de {seconds} s de "
    "diferença.",
    "diagnose.room_none": "O disco está cheio: {found}",
    "diagnose.room_little": "O disco está quase cheio: {found}",
    "diagnose.history_none": "Ainda não há histórico de execuções: a primeira execução o cria.",
    "diagnose.history_whole": "O histórico de execuções está íntegro ({size:bytes}).",
    "diagnose.warehouse_bigquery": "O BigQuery cuida sozinho da integridade das suas tabelas.",
    "diagnose.warehouse_none": "Ainda não há warehouse: o primeiro envio o cria.",
    "diagnose.remake": "Ponha de lado o arquivo do warehouse e carregue a Bronze de novo a partir "
    "do bucket: nada se perde, pois a Bronze tem o que o bucket tem, e as linhas de objetos que "
    "não estão mais no bucket ficam no arquivo posto de lado. Depois reconstrua as camadas.",
    "diagnose.credentials": "Foram encontradas credenciais ({kind}). Se são aceitas, vê-se no "
    "bucket e no warehouse.",
    "diagnose.bucket": "{place} pode ser lido; tem {count:# arquivo|# arquivos} de referência.",
    "diagnose.folder": "A pasta {folder} pode ser lida e gravada.",
    "diagnose.folder_none": "A pasta {folder} ainda não existe: o primeiro envio a cria.",
    "diagnose.may_write": "Dê a si o direito de gravar ali, ou aponte MRHEALTH_HOME para outra "
    "pasta.",
    "diagnose.warehouse": "O warehouse responde: {count:# tabela|# tabelas} em {datasets}.",
    "diagnose.warehouse_held": "Espere que esse processo termine, ou encerre-o.",
    "diagnose.credentials_folder": "A pasta e o DuckDB não precisam de credenciais.",
    "diagnose.credentials_emulators": "Emuladores não precisam de credenciais.",
    "diagnose.denied": "Não é possível gravar em {folder}: permissão negada.",
    "diagnose.cannot_make": "Não é possível criar {folder}: não há permissão para gravar em "
    "{parent}.",
    "diagnose.warehouse_empty": "O warehouse ainda não tem tabelas {prefix}_*: o primeiro envio "
    "as cria.",
    "diagnose.warehouse_deploy": "Implante de novo: isso cria os datasets e dá os papéis de "
    "docs/security.md.",
    "diagnose.warehouse_release": "O arquivo foi gravado por outra versão do DuckDB: instale a "
    "fixada.",
    "diagnose.warehouse_log": "O log é de um arquivo que foi movido ou substituído: ponha o log "
    "de lado e carregue o que está pendente. Depois reconstrua as camadas.",
    "diagnose.bucket_advice": "Crie o bucket pela implantação, ou defina GCS_BUCKET_NAME com um "
    "que possa ser usado.",
    "diagnose.is_a_file": "{path} é um arquivo: ali precisa haver uma pasta.",
    "diagnose.is_a_file_advice": "Tire o arquivo dali; a pasta é criada na primeira gravação.",
    "diagnose.schedule": "{name} está {state}: {times} ({zone})",
    "diagnose.tick_none": "Não há próximo horário: as datas da plataforma terminaram.",
    "diagnose.schedule_status": "{schedule}. {status}",
    "diagnose.file_damaged": "{file} está danificado: {faults}.",
    "diagnose.plan_advice": "Encerre o processo que faz as chamadas e ponha o arquivo de lado: um "
    "novo é criado, sem pausa, com as unidades e a semente usuais. O que se perdeu, então, é "
    "reconcile.py que diz.",
    "diagnose.schedule_nobody": "Nenhum processo faz as chamadas do agendamento, o que está certo "
    "onde as janelas são geradas à mão. {tick}",
    "diagnose.schedule_start": "Inicie-o onde as janelas devem vir sozinhas.",
    "diagnose.hours": "São {time} em São Paulo: uma chamada atende {day} {hours}.",
    "diagnose.schedule_emulated": "A nuvem emulada não tem agendamento.",
    "diagnose.schedule_other": "{schedule}; as sete janelas são {usual} ({zone}).",
    "diagnose.schedule_deploy": "Implante de novo: isso acerta o agendamento.",
    "diagnose.schedule_paused_cloud": "{schedule}. Nada é gerado sozinho até que seja retomado.",
    "diagnose.resume": "Retome-o.",
    "diagnose.schedule_failed": "Veja o que diz o log da data-generator. Com 401 ou 403, a sua "
    "conta perdeu o direito de chamar: implante de novo.",
    "diagnose.schedule_paused": "O agendamento está em pausa: nada é gerado sozinho.",
    "diagnose.resume_here": "Retome-o em Agendamento.",
    "diagnose.schedule_missed": "Janelas que o agendamento perdeu (estava desligado, ou a chamada "
    "falhou): {count}, a primeira {day} {hours}.",
    "diagnose.catch_up": "Recupere-as, ou deixe-as, em Agendamento.",
    "diagnose.hours_outside": "São {time} em São Paulo, fora do horário comercial (10:00 a "
    "24:00): a uma chamada, a data-generator responde skipped, o que é normal.",
    "diagnose.schedule_enable": "Ative o Cloud Scheduler e implante de novo.",
    "diagnose.waits_since": "{waits}, o mais antigo desde {since}",
    "diagnose.apis": "Ativos: {services}.",
    "diagnose.trigger_slow": "A {function} é chamada ({count:# linha|# linhas} desde então), mas "
    "{what}.",
    "diagnose.trigger_wait": "Espere um pouco se muito foi enviado; do contrário, ingira o que "
    "está pendente.",
    "diagnose.apis_none": "A pasta e o DuckDB não usam nenhum serviço do Google Cloud.",
    "diagnose.apis_disabled": "{project} não usa {services}.",
    "diagnose.apis_advice": "Ative o que falta, espere um minuto e verifique de novo.",
    "diagnose.apis_silent": "Nenhuma resposta diz algo de {services}: {reason}",
    "diagnose.trigger_none": "Aqui não há csv-processor: um envio carrega os próprios objetos.",
    "diagnose.trigger": "Nenhum objeto {dates_told} espera pela {function} há mais de um minuto.",
    "diagnose.trigger_no_log": "Não há emulador do log.",
    "diagnose.trigger_silent": "A {function} não é chamada: {what}, e o seu log está calado desde "
    "então.",
    "diagnose.trigger_silent_advice": "Veja se o trigger existe e implante de novo onde não "
    "existe (um novo leva até dois minutos); depois ingira o que está pendente.",
    "diagnose.trigger_fails": "A {function} é chamada e falha: {what}. Ela diz: {text}",
    "diagnose.trigger_fails_advice": "Resolva o que o log diz; depois ingira o que está pendente.",
    "diagnose.ledger_unknown": "Objetos com linhas na Bronze que o registro não conhece: "
    "{count:,}, como {name}. Seriam carregados mais uma vez.",
    "diagnose.ledger_lost": "A Bronze tem linhas, mas o seu registro (_ingested_objects) não "
    "existe.",
    "diagnose.rebuild": "Reconstrua as camadas.",
    "diagnose.remake_cloud": "Dê outros nomes às tabelas da Bronze e carregue-a de novo a partir "
    "do bucket; as linhas de objetos que não estão mais no bucket ficam nas tabelas renomeadas. "
    "Depois reconstrua.",
    "diagnose.ledger": "O registro conhece o objeto de cada linha da Bronze.",
    "diagnose.layers_nothing": "A Bronze ainda não tem pedidos: não há nada a construir.",
    "diagnose.layers": "Silver, Gold e agregações mostram tudo o que a Bronze tem.",
    "diagnose.runs": "Falharam: {failed}, interrompidas: {lost}. A mais nova é a execução "
    "{run:d}, {title}: {error}",
    "diagnose.runs_advice": "Tente de novo em Execuções quando a causa tiver passado: o que já "
    "está feito não é feito duas vezes.",
    "diagnose.runs_none": "Nenhuma execução falhou sem ter sido iniciada de novo.",
    "diagnose.waits": "{count:# objeto espera|# objetos esperam}",
    "diagnose.moment": "{day} {time}",
    "diagnose.cell": "A unidade {unit:d} em {day}",
    "diagnose.cell_and_more": "{cell} e mais {count:,}",
    "diagnose.mixed": "{cell}: há dados em lote e incrementais, e as vendas contam em dobro.",
    "diagnose.clock_ahead": "O relógio daqui está {seconds:,.0f} s adiantado em relação ao de "
    "{whose}: janelas são atendidas em outras horas que as esperadas, e o login pode ser recusado.",
    "diagnose.clock_behind": "O relógio daqui está {seconds:,.0f} s atrasado em relação ao de "
    "{whose}: janelas são atendidas em outras horas que as esperadas, e o login pode ser recusado.",
    "diagnose.file_system": "o sistema de arquivos de {home}",
    "diagnose.tick": "O próximo horário é {day} {time} em São Paulo, para {hours}.",
    "diagnose.schedule_calls": "O agendamento faz as suas chamadas.",
    "diagnose.layer_behind": "{layer}: atrás da Bronze",
    "diagnose.layer_not_built": "{layer}: não construída",
    "diagnose.layers_behind": "{layers}.",
    "diagnose.place_folder": "a pasta {home}",
    "diagnose.place_cloud": "projeto {project}, bucket {bucket}, região {region}",
    "diagnose.package": "{name} {version} em vez de {wanted}",
}
