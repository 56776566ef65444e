"""Finds what the panel hands to Streamlit as Markdown without having taken its meaning away."""

import ast
from collections.abc import Iterator

# Elements whose first argument is Markdown, or a keyword of these; labels are, too.
ELEMENTS = {
    "markdown", "write", "caption", "info", "warning", "error", "success", "title", "header",
    "subheader", "badge", "metric", "expander", "progress", "spinner", "page_link", "link_button",
    "dialog", "toggle", "button", "download_button", "form_submit_button", "tabs", "text_input",
    "number_input", "selectbox", "pills", "segmented_control", "multiselect", "date_input",
    "status", "toast", "checkbox", "radio", "table",
    "draw", "download", "submit",
}  # fmt: skip
KEYWORDS = {"label", "help", "text", "body", "delta"}
PLACES = {"metric": slice(2), "progress": slice(1, 2), "page_link": slice(0)}
SAYS = {"say", "tell"}  # names that stand for `st.error` and its like
PLAIN = {"plain", "name_hours"}


def raw(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and code of each argument that may hold a value's own Markdown."""
    for function in _functions(tree):
        bound = _bound(function)
        for call in _own_calls(function):
            for argument in _markdown(call):
                if not _is_safe(argument, bound):
                    yield argument.lineno, ast.unparse(argument)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _own_calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _markdown(call: ast.Call) -> list[ast.expr]:
    if isinstance(call.func, ast.Name):
        return call.args[:1] if call.func.id in SAYS else []
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ELEMENTS:
        return []
    owner = ast.unparse(call.func.value)
    places = PLACES.get(call.func.attr, slice(1)) if owner == "st" else slice(0)
    first = call.args[places]
    return [*first, *(word.value for word in call.keywords if word.arg in KEYWORDS)]


def _bound(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """What each name of a function is bound to; a name bound otherwise is not among them."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            _bind(node.targets[0], node.value, found)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            _bind(node.target, node.value, found)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".append"):
            assert isinstance(node.func, ast.Attribute)
            _bind(node.func.value, node.args[0], found)
    return found


def _bind(target: ast.expr, value: ast.expr, found: dict[str, list[ast.expr]]) -> None:
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for name, one in zip(target.elts, value.elts, strict=True):
            _bind(name, one, found)


def _is_safe(node: ast.expr, bound: dict[str, list[ast.expr]]) -> bool:
    if isinstance(node, ast.Name) and node.id not in PLAIN:
        inner = {name: values for name, values in bound.items() if name != node.id}
        return node.id in bound and all(_is_safe(value, inner) for value in bound[node.id])
    parts = _parts(node)
    return _is_made(node) or (parts != [] and all(_is_safe(part, bound) for part in parts))


def _is_made(node: ast.expr) -> bool:
    """Whether it is a constant, a text of the panel, or what a function has made harmless."""
    if isinstance(node, ast.Name):  # `plain` itself, which a table's cells are mapped by
        return True
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id == "texts" or (function is not node and function.value.id == "fmt")
    named = isinstance(function, ast.Name) and function.id in PLAIN
    empty = isinstance(node, ast.List) and not node.elts
    return isinstance(node, ast.Constant) or empty or (named and function is not node)


def _parts(node: ast.expr) -> list[ast.expr]:
    """What a text is put together from; a value that `format` puts in, it makes harmless itself."""
    parts: list[ast.expr]
    match node:
        case ast.JoinedStr(values=values) | ast.BoolOp(values=values):
            parts = [one.value if isinstance(one, ast.FormattedValue) else one for one in values]
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            parts = [one, other]
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            pass
        case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one) | ast.Subscript(value=one):
            parts = [one]
        case ast.Call(func=ast.Attribute(value=one, attr="format" | "get")):
            parts = [one]
        case ast.Call(func=ast.Attribute(attr="join" | "map"), args=parts):
            pass
        case _:
            parts = []
    return parts
