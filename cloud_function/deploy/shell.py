"""Steps written as a script, for bash or PowerShell, so that a person can read or run them.

What a step gives to later ones becomes a variable of the shell: `{generator_url}` is
`"$GENERATOR_URL"`.
"""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping

from cloud_function.deploy.steps import Command, Step

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"--?[a-z][a-z0-9-]*|[A-Za-z0-9][A-Za-z0-9_/-]*")  # for PowerShell


def script(steps: Iterable[Step], values: Mapping[str, str], *, powershell: bool) -> Iterator[str]:
    """The lines of a script that runs the steps in the project's folder.

    Args:
        values: What the settings give for placeholders.
    """
    write, form = (_powershell, _powershell_step) if powershell else (_bash, _bash_step)
    for step in steps:
        yield ""
        yield f"# {step.name}: {step.why}"
        yield from form(step, lambda command: " ".join(write(part, values) for part in command))


def _bash_step(step: Step, shown: Callable[[Command], str]) -> Iterator[str]:
    if step.gives:
        yield f"{step.gives.upper()}=$({shown(step.command)})"
    elif step.update:
        yield f"if {shown(step.describe)} >/dev/null 2>&1; then"
        yield f"  {shown(step.update)}"
        yield "else"
        yield f"  {shown(step.command)}"
        yield "fi"
    elif step.describe:
        yield f"{shown(step.describe)} >/dev/null 2>&1 ||"
        yield f"  {shown(step.command)}"
    else:
        yield shown(step.command)


def _powershell_step(step: Step, shown: Callable[[Command], str]) -> Iterator[str]:
    if step.gives:
        yield f"${step.gives.upper()} = {shown(step.command)}"
    elif step.describe:
        yield f"{shown(step.describe)} *> $null"
        yield f"if ($LASTEXITCODE -ne 0) {{ {shown(step.command)} }}"
        if step.update:
            yield f"else {{ {shown(step.update)} }}"
    else:
        yield shown(step.command)


def _pieces(part: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """An argument as text that is known, each with the variable that follows it, if any."""
    text = ""
    end = 0
    for match in _PLACEHOLDER.finditer(part):
        text += part[end : match.start()]
        end = match.end()
        if match[1] in values:
            text += values[match[1]]
        else:
            yield text, match[1].upper()
            text = ""
    yield text + part[end:], ""


def _bash(part: str, values: Mapping[str, str]) -> str:
    return "".join(
        (shlex.quote(text) if text else "") + (f'"${variable}"' if variable else "")
        for text, variable in _pieces(part, values)
    )


def _powershell(part: str, values: Mapping[str, str]) -> str:
    pieces = list(_pieces(part, values))
    if len(pieces) == 1:
        text = pieces[0][0]
        return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"
    quoted = "".join(
        re.sub(r'([`"$])', r"`\1", text) + (f"$(${variable})" if variable else "")
        for text, variable in pieces
    )
    return f'"{quoted}"'
