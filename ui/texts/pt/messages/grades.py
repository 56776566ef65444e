"""Uma tabela de achados que não pode ser lida."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "grade.no_file": "A tabela {name} não pode ser lida: {reason}.",
    "grade.too_large": "A tabela {name} é grande demais: escreva no máximo {most:bytes}.",
    "grade.not_utf8": "{name} não é UTF-8 na linha {line:d}: salve a tabela como UTF-8.",
    "grade.fields": "{name} tem {count:# campo|# campos} na linha {line:d}, e {right} colunas: "
    "escreva o mesmo número de campos, e ponha entre aspas um campo que contém o delimitador.",
    "grade.no_csv": "{name} não pode ser lido como CSV a partir da linha {line:d} ({reason}).",
    "grade.no_json": "{name} não pode ser lido como JSON ({reason}).",
    "grade.no_list": "{name} é JSON, mas não é uma lista: escreva uma lista de objetos com object, "
    "line, id e kind.",
    "grade.no_entry": "O item {line:d} de {name} não é um objeto JSON: escreva um com object, "
    "line, id e kind.",
    "grade.no_column": "{name} não tem a coluna {missing} na linha {line:d}: escreva as colunas "
    "object, line, id e kind; line e id podem faltar.",
    "grade.column_twice": "{name} tem a coluna {column} mais de uma vez na linha {line:d}.",
    "grade.no_line": "{name} tem {value} como linha de uma falha na linha {line:d}: escreva um "
    "número inteiro a partir de 1, em que o cabeçalho é a linha 1, ou nada.",
    "grade.no_kind": "{name} tem o tipo {value} na linha {line:d}: use um de {kinds}.",
    "grade.about_nothing": "{name} não tem nem object nem id na linha {line:d}: escreva pelo menos "
    "um deles.",
}
