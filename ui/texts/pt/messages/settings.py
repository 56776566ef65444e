"""Settings, processes, and what Google's libraries refuse."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "settings.email": "{variable} é {text!r}: use um endereço como ana@example.com.",
    "settings.emails": "{variable} tem {entry!r}: use endereços como ana@example.com e domínios "
    "como @example.com, com vírgulas entre eles.",
    "google.file_is_none": "Não é possível usar {service}: o arquivo de credenciais não é um. "
    "{sign_in}",
    "google.not_accepted": "{doing}: as credenciais não são aceitas. {sign_in}",
    "google.tries": "{doing}, após muitas tentativas: {answer}.",
    "google.words": "{doing}: {words}.",
    "google.sign_in_again": "{sentence} {sign_in}",
    "google.roles": "{sentence} Conceda os papéis de docs/security.md.",
    "google.unreachable": "{doing}: o login do Google não pode ser alcançado.",
    "google.no_credentials": "{doing}: não há credenciais que possam ser usadas. {sign_in}",
    "google.connection": "{doing}: a conexão falhou ({kind}).",
    "settings.no_folder": "{text!r} não é o caminho de uma pasta: use um como data ou ~/mrhealth.",
    "settings.question_mark": "MRHEALTH_HOME é {home!r}: use um caminho sem ponto de interrogação.",
    "settings.half_cloud": "{present} está definida e {absent} não: defina as duas para o Google "
    "Cloud, ou nenhuma para o modo embutido.",
    "settings.choice": "{variable} é {value!r}: use {choices}.",
    "settings.airflow_password": "MRHEALTH_AIRFLOW_URL está definida e MRHEALTH_AIRFLOW_PASSWORD "
    "não: defina as duas, ou nenhuma, e então o próprio painel atualiza.",
    "settings.switch": "{variable} é {value!r}: use 1, ou deixe-a de fora.",
    "settings.alerts": "MRHEALTH_ALERTS: o endereço número {place} não tem esquema: use endereços "
    "do Apprise como json://localhost/caminho, com espaços entre eles.",
    "settings.example": "{variable} é {value!r}: use {example}.",
    "settings.url": "{variable} é {value!r}: use um endereço como {example}.",
    "settings.bytes": "{variable} é {value!r}: use um número de bytes a partir de 1.",
    "settings.prefix": "MRHEALTH_DATASET_PREFIX é {value!r}: use minúsculas, dígitos e "
    "sublinhados, com uma letra no início, no máximo 63 caracteres.",
    "settings.seconds": "{variable} é {value!r}: use segundos de 0 a 3600.",
    "settings.folder_gone": "A pasta de trabalho foi apagada, então {text!r} não leva a lugar "
    "nenhum: vá para uma pasta que existe, ou use um caminho a partir da raiz.",
    "settings.workers": "{count:# processo não é possível|# processos não são possíveis}: use de "
    "1 a {most}.",
    "settings.workers_folder_gone": "A pasta de trabalho foi apagada, e outros processos não "
    "podem começar ali: vá para uma pasta que existe, ou use --workers 1.",
    "settings.worker_killed": "Um de {count} processos foi encerrado à força, como acontece "
    "quando a memória acaba: o mesmo comando continua de onde este parou; com menos --workers usa "
    "menos.",
    "google.sign_in": "Defina GOOGLE_APPLICATION_CREDENTIALS, ou execute `gcloud auth "
    "application-default login`.",
    "google.answer": "{doing}: {answer}.",
    "google.connection_failed": "a conexão falhou ({kind})",
    "google.said": "o Google respondeu {said}",
    "doing.use": "Não é possível usar {name}",
    "doing.list": "Não é possível listar {name}",
    "doing.look_at": "Não é possível ver {name}",
    "doing.read": "Não é possível ler {name}",
    "doing.write": "Não é possível gravar {name}",
    "doing.write_to": "Não é possível gravar em {name}",
    "doing.delete": "Não é possível apagar {name}",
    "doing.query": "Não é possível consultar o BigQuery",
    "doing.drop": "Não é possível apagar {name}",
    "doing.make": "Não é possível criar {name}",
    "doing.look_at_dataset": "Não é possível ver o dataset {name}",
    "doing.make_dataset": "Não é possível criar o dataset {name}",
    "doing.list_tables": "Não é possível listar as tabelas de {name}",
    "doing.begin_job": "Não é possível iniciar o job {name}",
    "doing.look_at_job": "Não é possível ver o job {name}",
    "doing.begin_a_job": "Não é possível iniciar um job",
    "doing.list_jobs": "Não é possível pedir ao BigQuery os seus jobs",
    "doing.time": "Não é possível pedir a hora a {name}",
    "doing.sign_in": "Não é possível entrar no Google Cloud",
    "doing.read_log": "Não é possível ler o log de {name}",
    "doing.see_schedule": "Não é possível ver o agendamento {name}",
    "doing.pause_schedule": "Não é possível pausar o agendamento {name}",
    "doing.resume_schedule": "Não é possível retomar o agendamento {name}",
    "doing.run_schedule": "Não é possível executar o agendamento {name}",
}
