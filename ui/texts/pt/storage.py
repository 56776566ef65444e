"""Storage, and the view of one object."""

# The views, by their codes in the page's address.
STORAGE_VIEW = "Ver"
STORAGE_VIEWS = {
    "objects": "Arquivos de vendas",
    "manifests": "Manifestos",
    "quarantine": "Quarentena",
    "reference": "Dados de referência",
    "sizes": "Tamanhos",
}
STORAGE_LISTED = (
    "Uma listagem custa uma operação de Classe A a cada 1.000 objetos; o que foi listado é "
    "guardado por pelo menos 20 segundos."
)
STORAGE_ALL = "todas"
STORAGE_JUMP = "Datas com dados"
STORAGE_JUMP_HINT = "Ir para uma data"
STORAGE_FIND_UNIT = "Procurar unidade"
STORAGE_FIND_HELP = "Parte do número ou do nome, como 12 ou Blumenau."
STORAGE_UNIT = "Unidade"
STORAGE_NO_UNIT = "Nenhuma unidade desta data corresponde a {text!r}."
STORAGE_UNREADABLE = (
    "{count:# entrada do dia não pode ser lida, e não é carregada|# entradas do dia não podem ser "
    "lidas, e não são carregadas}."
)
STORAGE_REASON = "Motivo"
STORAGE_EMPTY_DAY = (
    "O bucket não tem arquivos de vendas de {day}. Vá a **Gerar** para enviar uma janela "
    "ou escolha uma das datas com dados."
)
STORAGE_EMPTY_BUCKET = (
    "O bucket ainda está vazio. Vá a **Gerar** para enviar uma janela "
    "ou simule um dia em **Visão geral**."
)
STORAGE_DAY_SUM = (
    "{objects:# arquivo|# arquivos}, {size}, de {units:# unidade|# unidades} em {day}."
)
STORAGE_MONTH = "Dias de {month}"
STORAGE_COUNT_MONTH = "Contar os dias de {month}"
STORAGE_COUNT_MONTH_HELP = (
    "Lista todos os arquivos de vendas do mês: 22 operações de Classe A com 50 unidades."
)
STORAGE_MONTH_HINT = "Selecione uma linha para ir à data."
STORAGE_BY_WINDOW = "Por janela"
STORAGE_BY_UNIT = "Por unidade"
STORAGE_OBJECTS = "Arquivos"
STORAGE_OBJECTS_HINT = "Selecione uma linha para ver o arquivo."
STORAGE_ODD = "Nomes fora do layout"
STORAGE_FILE, STORAGE_WINDOWS = "Arquivo", "Janelas"
STORAGE_COUNT, STORAGE_BYTES = "Arquivos", "Bytes"
STORAGE_ZIP = "Baixar estes em ZIP"
STORAGE_ZIP_HELP = "{count:O arquivo|Os # arquivos} da escolha acima, {size} antes da compactação."
STORAGE_ZIP_LARGE = "{size} é demais para um só arquivo ZIP: escolha uma janela ou uma unidade."

# One object.
OBJECT = "Nome de um objeto"
OBJECT_HELP = (
    "Qualquer objeto do bucket pelo nome completo; fica no endereço da página, para compartilhar."
)
OBJECT_TITLE = "O arquivo"
OBJECT_FACTS = ("O quê", "Valor")
OBJECT_SIZE, OBJECT_ROWS, OBJECT_GENERATION = "Tamanho", "Linhas", "Geração"
OBJECT_WRITTEN, OBJECT_CRC = "Gravado", "CRC32C"
OBJECT_BYTES = "{size} ({bytes} bytes)"
OBJECT_NOT_CSV = "não é uma tabela"
OBJECT_REJECTED = "{rows}, das quais {rejected:# é recusada|# são recusadas}"
OBJECT_IN_BRONZE = (
    "Na Bronze desde {when}: {rows:# linha carregada|# linhas carregadas}, {rejected:# "
    "rejeitada|# rejeitadas}, desta geração."
)
OBJECT_OLDER_IN_BRONZE = (
    "Gravado de novo desde a ingestão de {when}: a Bronze tem uma geração mais antiga, e esta "
    "aguarda a ingestão."
)
OBJECT_WHOLE_QUARANTINED = "Foi inteiro para a quarentena em {when}: {reason}"
OBJECT_NOT_IN_BRONZE = "Não está na Bronze: nenhuma geração dele foi ingerida ainda."
OBJECT_NO_SALES = "A Bronze não recebe objetos deste tipo."
OBJECT_BY_RUN = "Pela execução {run}: {title}."
OBJECT_BY_NOBODY = (
    "Por nenhuma execução do histórico deste painel: por um script ou pela csv-processor."
)
OBJECT_DOWNLOAD = "Baixar o arquivo"
OBJECT_TABLE, OBJECT_TEXT, OBJECT_BRONZE = "Como tabela", "Como texto", "Na Bronze"
OBJECT_LINE, OBJECT_REASON = "Linha", "Situação"
OBJECT_GOOD, OBJECT_REFUSED = "✓ aceita", "! {reason}"
OBJECT_ABSENT = "○ não está na Bronze"
OBJECT_DIFFERS = "≠ a Bronze tem {column} {value}"
OBJECT_LOADED = "✓ na Bronze"
OBJECT_CUT = "São mostradas as primeiras {lines} linhas ou {size}; o download tem tudo."
OBJECT_BROKEN = "Alguns bytes não são UTF-8; cada um aparece como \ufffd."
OBJECT_BINARY = "Isto não é texto: os primeiros bytes aparecem como números hexadecimais."
OBJECT_FAULT = "O arquivo inteiro é recusado: {reason}"
OBJECT_NO_ROWS = "A Bronze não tem linhas deste arquivo."
OBJECT_ROWS_OF = "{count:# linha|# linhas} em {table}, as primeiras {shown} por {key}."
OBJECT_NO_TABLE = "Isto não é um arquivo CSV: veja-o como texto."

# Files that nothing requested.
DELETE_FILES = "{count:Apagar arquivo…|Apagar # arquivos…}"
DELETE_HELP = (
    "Apaga o que nenhum manifesto nomeia, depois da sua confirmação, com o que a Bronze e a "
    "quarentena têm dele. Nada mais é tocado."
)
DELETE_STRAY = "Nenhum manifesto nomeia este arquivo: nada o pediu."
DELETE_TITLE = "Apagar {count:este arquivo|# arquivos}?"
DELETE_BODY = (
    "Isto não pode ser desfeito: nada faz os mesmos bytes de novo. As linhas da Bronze e os "
    "relatórios na quarentena vão junto; um arquivo que mude enquanto isso fica."
)
DELETE_CONFIRM = "Apagar {count:# arquivo|# arquivos}"
DELETE_NONE = "Não há nada a apagar aqui: os arquivos não existem mais."

# Manifests.
MANIFEST_NONE = "Nenhum manifesto nomeia arquivos de {day}: nada foi publicado para a data."
MANIFEST_WINDOW = "Manifesto de"
MANIFEST_OPEN = "Ver o próprio manifesto"
MANIFEST_FIGURES = {
    "units": "Unidades", "orders": "Pedidos", "items": "Itens", "value": "Valor",
    "seeds": "Semente",
}  # fmt: skip
MANIFEST_SEEDS = "{count:# semente|# sementes}"
MANIFEST_FINE = (
    "{count:O único arquivo está|Todos os # arquivos estão} no bucket como o manifesto diz, em "
    "tamanho e CRC32C."
)
MANIFEST_DIFFERS = (
    "{count} de {total:# arquivo|# arquivos} não {count:está|estão} como o manifesto diz; "
    "{count:ele vem|eles vêm} primeiro."
)
MANIFEST_UNNAMED = (
    "{count:# arquivo|# arquivos} desta janela não {count:está|estão} em nenhum manifesto, como "
    "{first}."
)
MANIFEST_COLUMNS = (
    "Unidade", "Arquivo", "Situação", "Linhas", "Bytes", "Semente", "CRC32C do manifesto",
    "CRC32C do objeto",
)  # fmt: skip
MANIFEST_OK = "✓ como o manifesto diz"
MANIFEST_BAD = "≠ {fault}"

# Quarantine.
QUARANTINE_THIS_DAY = "Só deste dia de vendas"
QUARANTINE_EMPTY = "Não há nada na quarentena."
QUARANTINE_EMPTY_DAY = "Não há nada de {day} na quarentena."
QUARANTINE_COUNT = (
    "{count:# arquivo tem|# arquivos têm} algo na quarentena. Escolha um para ver o motivo."
)
QUARANTINE_FILE = "Arquivo na quarentena"
QUARANTINE_OF = (
    "De {name}: {rejected} de {rows:# linha|# linhas} {rejected:foi rejeitada|foram rejeitadas}, "
    "{loaded:# carregada|# carregadas}."
)
QUARANTINE_WHOLE = "{name} foi recusado inteiro: {reason}"
QUARANTINE_COLUMNS = ("Linha", "Motivo", "Linha como veio")
QUARANTINE_CUT = "As primeiras {shown} de {count:# linha|# linhas}."
QUARANTINE_WAY_OUT = (
    "A saída é um objeto corrigido com o mesmo nome, por **Gravar de novo** na página Bronze "
    "quando os dados são da própria plataforma; a quarentena some quando ele é carregado."
)
QUARANTINE_GONE = (
    "O arquivo não está mais no bucket, então nada substitui o que ele deixou: limpe os restos ou "
    "devolva o arquivo."
)
QUARANTINE_SETTLE = "Limpar o que arquivos apagados de {day} deixaram"
QUARANTINE_OPEN_LINES = "Ver as linhas rejeitadas"
QUARANTINE_OPEN_OBJECT = "Ver o objeto"
QUARANTINE_OPEN_BRONZE = "A janela na página Bronze"

# Reference data and sizes.
REFERENCE_FILE = "Arquivo de referência"
REFERENCE_EMPTY = "Ainda não há dados de referência: o primeiro envio em **Gerar** os grava."
SIZES_TITLE = "Bytes por tipo de objeto"
SIZES_COUNT = "Contar o bucket inteiro"
SIZES_COUNT_HELP = (
    "Lista todos os objetos: uma operação de Classe A a cada 1.000, ou seja, 255 para um ano de "
    "50 unidades."
)
SIZES_KINDS = {
    "sales": "Arquivos de vendas (raw)",
    "parquet": "Vendas em Parquet (raw)",
    "manifests": "Manifestos",
    "quarantine": "Quarentena",
    "reference": "Dados de referência",
    "held": "Objetos retidos",
    "scenarios": "Registros de cenários",
    "other": "Outros",
}
SIZES_COLUMNS = ("Tipo", "Objetos", "Bytes", "Tamanho")
SIZES_SUM = "{objects:# objeto|# objetos}, {size} ao todo."
SIZES_AXIS = "Bytes"
SIZES_ALT = "Bytes dos objetos do bucket por tipo: {objects:# objeto|# objetos}, {size} ao todo."
