"""Templates are compiled once a language, and addresses are built once."""

import pytest
from jinja2 import DictLoader

from crm.blueprints.templates import PageApp, PageEnvironment
from crm.i18n import catalogue


@pytest.fixture
def app() -> PageApp:
    made = PageApp(__name__)
    made.jinja_options = {"extensions": ["jinja2.ext.i18n"]}
    made.add_url_rule("/one/<int:number>", "one", lambda number: "")
    return made


def spoken(app: PageApp, language: str, source: str, **values: object) -> str:
    """`source` rendered in `language`."""
    made = PageEnvironment(app, loader=DictLoader({"one.html": source}), autoescape=True)
    made.add_extension("jinja2.ext.i18n")
    made.language = language
    return made.from_string(source).render(**values)


def test_a_word_that_stands_in_a_template_is_in_the_readers_language(app: PageApp) -> None:
    assert spoken(app, "en", "{{ _('Partners') }}") == "Partners"
    assert spoken(app, "ur", "{{ _('Partners') }}") == catalogue("ur").gettext("Partners") != "Partners"
    assert spoken(app, "ur", "{% trans %}Partners{% endtrans %}") == catalogue("ur").gettext("Partners")


def test_what_is_put_into_a_sentence_is_escaped_and_the_sentence_is_not(app: PageApp) -> None:
    shown = spoken(app, "en", "{{ _('<b>%(name)s</b> 100%%', name=who) }}", who="<script>")
    assert shown == "<b>&lt;script&gt;</b> 100%"


def test_a_word_passed_on_to_a_macro_is_translated_too(app: PageApp) -> None:
    source = "{% macro line(word) %}[{{ word }}]{% endmacro %}{{ line(_('Partners')) }}"
    assert spoken(app, "ur", source) == f"[{catalogue('ur').gettext('Partners')}]"


def test_addresses_differ_by_value_by_type_of_value_and_by_anchor(app: PageApp) -> None:
    with app.test_request_context("/"):
        assert app.url_for("one", number=7) == app.url_for("one", number=7) == "/one/7"
        assert app.url_for("one", number=7, _anchor="here") == "/one/7#here"
        assert app.url_for("one", number=7, page=1) == "/one/7?page=1"
        assert app.url_for("one", number=7, page=True) == "/one/7?page=True"
        assert app.url_for("one", number=7, page=["a", "b"]) == "/one/7?page=a&page=b"


def test_outside_a_request_an_address_is_whole(app: PageApp) -> None:
    app.config["SERVER_NAME"] = "rabta.example"
    with app.app_context():
        assert app.url_for("one", number=7) == "http://rabta.example/one/7"
    with app.test_request_context("/"):
        assert app.url_for("one", number=7) == "/one/7"
