"""Show names safely: a file's name may be any bytes, and must not break a terminal or page."""


def showable(text: str) -> str:
    r"""A name for terminals, pages and JSON: unprintable characters become `\xNN` or `\uNNNN`.

    Bytes that are not UTF-8, which Python reads as lone surrogates, become their own `\xNN`.
    """
    return text if text.isprintable() else "".join(map(_show_character, text))


def is_text(text: str) -> bool:
    """Whether a name is valid UTF-8, so that the ledger, JSON and SQL can keep it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _show_character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # PEP 383: a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
