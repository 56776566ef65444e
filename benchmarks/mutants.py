"""Change the code a little, many times, and see whether the tests notice it.

Each mutant is one change of one expression or statement of a module. The tests run on it in a
worktree of the last commit, never in the checkout. A mutant that they pass survived: either a test
is missing, or the change means nothing; people judge that.
"""

import argparse
import ast
import contextlib
import importlib.util
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from core.command import run_command
from core.errors import InputError
from core.showable import showable

ROOT = Path(__file__).resolve().parent.parent

# Modules of the data path, each with the wings whose tests are about it.
MODULES: Mapping[str, Sequence[str]] = MappingProxyType({
    "core/storage/publish.py": ("storage",),
    "core/storage/kind_conflicts.py": ("storage",),
    "core/reconcile/day.py": ("reconcile",),
    "core/reconcile/judge.py": ("reconcile",),
    "core/bronze/ingest.py": ("bronze",),
    "core/bronze/quarantine.py": ("bronze",),
    "core/transform/staleness.py": ("transform",),
    "core/warehouse/bigquery/loaded/ledger.py": ("warehouse",),
    "core/scheduler/local.py": ("scheduler",),
    "core/operations/runs/history.py": ("operations",),
    "core/bronze/validation/rules.py": ("bronze",),
})  # fmt: skip
SELECTIONS = ("quick", "wing", "all")

_FLIPPED: Mapping[type[ast.cmpop], type[ast.cmpop]] = MappingProxyType({
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
})  # fmt: skip
_BOUNDARY: Mapping[type[ast.cmpop], type[ast.cmpop]] = MappingProxyType({
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
})  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        path: The module, from the root of the project.
        line: Where the change is, from 1.
        kind: What was changed, such as `boundary`.
        before, after: The changed code.
        source: The whole module with the change.
    """

    path: str
    line: int
    kind: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.kind}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Outcome:
    """A mutant and its end: `killed`, `timeout`, which counts as killed, or `survived`."""

    mutant: Mutant
    end: str

    def __str__(self) -> str:
        return f"{self.end:9}{self.mutant}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Test mutants of some modules; 1 where one survived.

    Raises:
        InputError: A module or number is not valid, or the tests fail without any mutant.
    """
    options = _parser().parse_args(arguments)
    chosen = [_module(text) for text in options.module or MODULES]
    if options.mutants < 1 or options.timeout < 1:
        raise InputError("The number of mutants and the timeout are at least 1.")
    tested: list[Outcome] = []
    with _worktree() as tree:
        for path in chosen:
            every = mutants_of(path, (tree / path).read_text(encoding="utf-8"))
            mutants = sample(every, options.mutants, options.seed)
            command = pytest_command(path, options.selection, options.tests)
            tested += _tested(tree, command, mutants, options.timeout)
    print(as_json(tested) if options.json else summary(tested))
    return int(any(one.end == "survived" for one in tested))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutants", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("module", nargs="*", help="files such as core/storage/publish.py (default: the data path)")
    add("--mutants", type=int, default=10, metavar="N", help="of each module (default: 10)")
    add("--seed", type=int, default=1, metavar="N", help="which mutants are drawn (default: 1)")
    add("--selection", choices=SELECTIONS, default="wing",
        help="the everyday tests, those of the module's wing, or all (default: wing)")  # fmt: skip
    add("--tests", nargs="+", metavar="PATH", help="of these tests alone")
    add("--timeout", type=int, default=600, metavar="S", help="seconds a mutant (default: 600)")
    add("--json", action="store_true", help="print JSON instead of text")
    return parser


def _module(text: str) -> str:
    """The path of a module from the root of the project."""
    path = (ROOT / text).resolve()
    if path.suffix != ".py" or not path.is_file() or not path.is_relative_to(ROOT):
        raise InputError(f"{showable(text)} is no Python file of this project.")
    return path.relative_to(ROOT).as_posix()


# --- making mutants ---


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every mutant of a module's source, by line."""
    nodes = [*_nodes(ast.parse(source))]
    return sorted(
        (
            Mutant(path, found.lineno, kind, _shown(source, found), after, mutated)
            for node in nodes
            for kind, found, after in _changes(node)
            if (mutated := _replaced(source, found, after)) and _compiles(mutated)
        ),
        key=lambda mutant: (mutant.line, mutant.kind, mutant.after),
    )


def sample(mutants: Sequence[Mutant], number: int, seed: int) -> list[Mutant]:
    """So many of the mutants, by line; the same ones for the same seed."""
    drawn = random.Random(seed).sample(mutants, min(number, len(mutants)))
    return sorted(drawn, key=mutants.index)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those below it, but for the parts of f-strings, whose places may be wrong."""
    yield node
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _nodes(child)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """The changes of one node: kind, the node to replace, and the code in its place."""
    match node:
        case ast.Compare(ops=[op]):
            yield "comparison", node, _compared(node, _FLIPPED[type(op)])
            if type(op) in _BOUNDARY:
                yield "boundary", node, _compared(node, _BOUNDARY[type(op)])
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield "constant", node, str(number + 1)
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and/or", node, _code(ast.BoolOp(other, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not", node, _code(operand)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", node, "return None"
        case ast.Expr(value=ast.Call()):
            yield "call", node, "pass"


def _compared(node: ast.Compare, op: type[ast.cmpop]) -> str:
    return _code(ast.Compare(node.left, [op()], node.comparators))


def _code(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _replaced(source: str, node: ast.expr | ast.stmt, after: str) -> str:
    """The source with one node's code replaced; columns of `ast` count UTF-8 bytes."""
    lines = source.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    start = sum(map(len, lines[:first])) + node.col_offset
    end = sum(map(len, lines[:last])) + (node.end_col_offset or 0)
    data = b"".join(lines)
    return (data[:start] + after.encode() + data[end:]).decode()


def _compiles(source: str) -> bool:
    """Whether a module is still valid: constants of f-strings and patterns may not be replaced."""
    with contextlib.suppress(SyntaxError):
        compile(source, "<mutant>", "exec")
        return True
    return False


def _shown(source: str, node: ast.expr | ast.stmt) -> str:
    return " ".join((ast.get_source_segment(source, node) or "").split())


# --- testing them ---


def pytest_command(path: str, selection: str, tests: Sequence[str] | None) -> list[str]:
    """The pytest command for the mutants of a module."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    if selection == "quick":
        command += ["-m", "quick"]
    if selection == "wing" and not tests:
        tests = [f"tests/{wing}" for wing in MODULES.get(path, (Path(path).parts[1],))]
    return [*command, *(tests or ())]


@contextlib.contextmanager
def _worktree() -> Iterator[Path]:
    """A copy of the last commit, for a block."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree)], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def _tested(
    tree: Path, command: Sequence[str], mutants: Sequence[Mutant], timeout_s: int
) -> list[Outcome]:
    if mutants and run_tests(tree, command, timeout_s) != "survived":
        raise InputError(f"Without any mutant these fail or take too long: {' '.join(command)}")
    tested = []
    for mutant in mutants:
        tested.append(Outcome(mutant, try_mutant(tree, command, mutant, timeout_s)))
        if sys.stderr.isatty():
            print(tested[-1], file=sys.stderr)
    return tested


def try_mutant(tree: Path, command: Sequence[str], mutant: Mutant, timeout_s: int) -> str:
    """The end of a mutant; afterwards the tree is as before."""
    file = tree / mutant.path
    before = file.read_bytes()
    # Python takes a compiled file of the same second and size for that of this source.
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
    file.write_text(mutant.source, encoding="utf-8", newline="")
    try:
        return run_tests(tree, command, timeout_s)
    finally:
        file.write_bytes(before)


def run_tests(tree: Path, command: Sequence[str], timeout_s: int) -> str:
    """What the tests say: `survived` where all pass, `killed` where one fails, or `timeout`."""
    process = subprocess.Popen(
        command, cwd=tree, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return "killed" if process.wait(timeout_s) else "survived"
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a command with the processes that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# --- what came of it ---


def summary(tested: Sequence[Outcome]) -> str:
    """A line a mutant, then the share that was killed, by module and of all."""
    modules = itertools.groupby(tested, key=lambda one: one.mutant.path)
    shares = [f"{path}: {_share([*ends])}" for path, ends in modules]
    return "\n".join([*map(str, tested), "", *shares, f"all: {_share(tested)}"])


def _share(tested: Sequence[Outcome]) -> str:
    killed = sum(one.end != "survived" for one in tested)
    return f"{killed} of {len(tested)} killed ({killed / max(len(tested), 1):.0%})"


def as_json(tested: Sequence[Outcome]) -> str:
    """The same as JSON: `killed`, `tested`, and the `mutants` without their source."""
    mutants = [{**asdict(one.mutant), "end": one.end} for one in tested]
    for mutant in mutants:
        del mutant["source"]
    killed = sum(one.end != "survived" for one in tested)
    content = {"killed": killed, "tested": len(tested), "mutants": mutants}
    return json.dumps(content, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    run_command(main)
