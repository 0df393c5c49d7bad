"""Keeps the house small: a module of the package 300 lines, a function 25 below its signature, a template 80."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULE, FUNCTION, TEMPLATE = 300, 25, 80


def long_functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Name, line and length of the functions of a module whose body, without its docstring, is too long."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > FUNCTION:
                yield node.name, node.lineno, lines


def long_files() -> Iterator[str]:
    """Every module, function and template of the package that has outgrown its limit."""
    templates = ROOT / "crm" / "templates"
    limits = [(path, TEMPLATE) for path in templates.rglob("*") if path.suffix in {".html", ".txt"}]
    limits += [(path, MODULE) for path in (ROOT / "crm").rglob("*.py")]
    for path, limit in sorted(limits):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        if (lines := len(text.splitlines())) > limit:
            yield f"{name}: {lines} lines, {limit} are allowed"
        for function, line, length in long_functions(text) if path.suffix == ".py" else ():
            yield f"{name}:{line}: {function} has {length} lines, {FUNCTION} are allowed"


if __name__ == "__main__":
    if found := list(long_files()):
        raise SystemExit("\n".join(found))
