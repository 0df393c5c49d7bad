"""A person's language and colours, and where the form leads."""

from tests.support.web import Web


def test_the_language_is_kept_with_the_account_and_leads_back(web: Web) -> None:
    officer = web.as_role()
    answer = officer.post("/preferences/language", {"language": "ur", "next": "/partners?type=ngo"})
    assert answer.headers["Location"] == "/partners?type=ngo"
    assert 'dir="rtl"' in officer.get("/").text


def test_someone_without_a_session_keeps_the_language_in_the_browser(web: Web) -> None:
    stranger = web.anyone()
    stranger.post("/preferences/language", {"language": "ur", "next": "/sign-in"})
    assert 'lang="ur"' in stranger.get("/sign-in").text


def test_a_language_we_do_not_speak_changes_nothing(web: Web) -> None:
    officer = web.as_role()
    officer.post("/preferences/language", {"language": "xx"})
    assert 'lang="en"' in officer.get("/").text


def test_the_colours_are_kept(web: Web) -> None:
    officer = web.as_role()
    officer.post("/preferences/theme", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in officer.get("/").text


def test_the_form_leads_to_no_other_site(web: Web) -> None:
    answer = web.as_role().post("/preferences/theme", {"theme": "dark", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_health_is_told_to_machines_and_names_nothing(web: Web) -> None:
    answer = web.anyone().get("/health")
    assert answer.get_json() == {"ok": True, "database": True, "migrations": True} or answer.status_code == 503
