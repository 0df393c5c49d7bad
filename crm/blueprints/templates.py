"""The pages' templates, compiled once a language with its words in place, and the addresses that they name.

A page says some hundred words and names some hundred addresses. Looked up at every showing, they cost more than its
queries; so words that stand in a template are translated when it is compiled, and an address is built once.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from crm.blueprints import door
from crm.blueprints.marks import icon
from crm.i18n import LANGUAGES, catalogue

ADDRESSES = 16_384


class Spoken(NodeTransformer):
    """Puts the words of one language in the place of `_("…")` and `{% trans %}`, as new-style gettext would."""

    def __init__(self, language: str) -> None:
        self._gettext: Callable[[str], str] = catalogue(language).gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call of gettext with a constant becomes that constant in the language, with its places still open.

        So does an icon that is named outright.
        """
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_" | "gettext"), args=[nodes.Const(value=str(text))]):
                places = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
                said = nodes.MarkSafeIfAutoescape(nodes.Const(self._gettext(text)))
                return nodes.Mod(said, nodes.Dict(places), lineno=node.lineno)
            case nodes.Call(node=nodes.Name(name="icon"), args=[nodes.Const(value=str(name))], kwargs=[]):
                return nodes.Const(icon(name), lineno=node.lineno)
        return node


class PageEnvironment(Environment):
    """Flask's environment, with one overlay for each language; a page is rendered in that of its reader."""

    language = LANGUAGES[0]

    @cached_property
    def _spoken(self) -> dict[str, "PageEnvironment"]:
        overlays = {language: self.overlay() for language in LANGUAGES}
        for language, overlay in overlays.items():
            overlay.language = language
        return overlays

    def get_or_select_template(self, *names: Any, **options: Any) -> Template:
        """The template in the reader's language."""
        chosen = self if self.overlayed else self._spoken[door.language()]
        return super(PageEnvironment, chosen).get_or_select_template(*names, **options)

    def compile_all(self) -> None:
        """Compile every template but those of letters, which are compiled apart."""
        for spoken in self._spoken.values():
            for name in self.list_templates(filter_func=lambda name: not name.startswith("mail/")):
                spoken.get_template(name)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What pages are given are plain dictionaries: these are looked into first, where Jinja would try them last."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def compile(self, source: Any, name: Any = None, filename: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Compile `source` with this language's words."""
        tree = self._parse(source, name, filename) if isinstance(source, str) else source
        return super().compile(Spoken(self.language).visit(tree), name, filename, **options)


class PageApp(Flask):
    """Flask with these templates, and with a memory for addresses: the same endpoint and values give the same path."""

    jinja_environment = PageEnvironment

    def compile_pages(self) -> None:
        """Compile every page in every language, so that no reader waits for it."""
        environment = self.jinja_env
        if isinstance(environment, PageEnvironment):
            environment.compile_all()

    @cached_property
    def _built(self) -> Callable[..., str]:
        @lru_cache(ADDRESSES, typed=True)
        def built(blueprint: str | None, endpoint: str, names: tuple[str, ...], *values: Any) -> str:
            return super(PageApp, self).url_for(endpoint, **dict(zip(names, values, strict=True)))

        return built

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of a page of ours. Raises BuildError where there is none."""
        if not has_request_context():
            return super().url_for(endpoint, **values)
        blueprint = request.blueprint if endpoint.startswith(".") else None
        try:
            return self._built(blueprint, endpoint, tuple(values), *values.values())
        except TypeError:  # a list of values cannot be remembered
            return super().url_for(endpoint, **values)
