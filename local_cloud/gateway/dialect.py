"""GoogleSQL that the emulator does not know, in words that it knows."""

from collections.abc import Sequence

from local_cloud.gateway.sql import tokens

Token = tuple[str, str]


def understood(sql: str) -> str:
    """The same script without what the emulator cannot do: the quarter `%Q` of a format."""
    found = list(tokens(sql))
    written: list[str] = []
    place = 0
    while place < len(found):
        call = _call(found, place)
        if call:
            text, end = call
            written.append(text)
            place = end
        else:
            written.append(found[place][1])
            place += 1
    return "".join(written)


def _call(found: Sequence[Token], place: int) -> tuple[str, int] | None:
    """`FORMAT_DATE('a%Qb', date)` at a place written anew, and where it ends."""
    if found[place][1].upper() != "FORMAT_DATE":
        return None
    ahead = [at for at in range(place, len(found)) if found[at][0] != "blank"][:4]
    if [found[at][1] for at in ahead[1::2]] != ["(", ","] or "%Q" not in found[ahead[2]][1]:
        return None
    end, depth = ahead[3] + 1, 1
    while depth and end < len(found):
        depth += {"(": 1, ")": -1}.get(found[end][1], 0)
        end += 1
    date = "".join(text for _, text in found[ahead[3] + 1 : end - 1]).strip()
    quote = found[ahead[2]][1][0]
    parts = found[ahead[2]][1][1:-1].split("%Q")
    quarter = f", CAST(EXTRACT(QUARTER FROM {date}) AS STRING), "
    formats = (f"FORMAT_DATE({quote}{part}{quote}, {date})" if part else "''" for part in parts)
    return f"CONCAT({quarter.join(formats)})", end
