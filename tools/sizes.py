"""Keeps the house small: a module of the package 300 lines, a function 25 below its signature, a template 80."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULE, FUNCTION, TEMPLATE = 300, 25, 80


def long_functions(path: Path) -> Iterator[str]:
    """The functions of a module whose body, without its docstring, is too long."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > FUNCTION:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION} are allowed"


def long_files() -> Iterator[str]:
    """Every module, function and template of the package that has outgrown its limit."""
    templates = ROOT / "crm" / "templates"
    limits = [(path, TEMPLATE) for path in templates.rglob("*") if path.suffix in {".html", ".txt"}]
    limits += [(path, MODULE) for path in (ROOT / "crm").rglob("*.py")]
    for path, limit in sorted(limits):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            yield f"{path.relative_to(ROOT)}: {lines} lines, {limit} are allowed"
        if path.suffix == ".py":
            yield from long_functions(path)


if __name__ == "__main__":
    if found := list(long_files()):
        raise SystemExit("\n".join(found))
