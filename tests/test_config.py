"""The settings: every wrong or missing one is told at once, in words, and no secret is ever shown."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from crm.config import Config, WrongConfiguration
from crm.initialising import demo_settings, write_configuration
from crm.ports import Tls
from crm.written import Bind

KEY = urlsafe_b64encode(b"k" * 32).decode()
SECRET = "s" * 40
PASSWORD = "hush-hush"


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """What is set, over the least that is needed."""
    least = {
        "home": str(folder),
        "secret_key": SECRET,
        "link_keys": f"1:{KEY}",
        "quarantine_key": KEY,
        "mail_domain": "npb.example",
        "mail_from": "jjcpu@npb.example",
    }
    return {f"CRM_{name.upper()}": value for name, value in (least | settings).items()}


def faults(values: dict[str, str]) -> list[str]:
    with pytest.raises(WrongConfiguration) as raised:
        Config.from_env(values)
    return raised.value.faults


def test_the_least_is_enough_and_the_rest_has_first_values(tmp_path: Path) -> None:
    config = Config.from_env(environment(tmp_path))
    assert (config.bind, config.lmtp_bind) == (Bind("127.0.0.1", 8000), Bind("127.0.0.1", 8024))
    assert config.database_url == f"sqlite:///{tmp_path / 'rabta.db'}"
    assert (config.base_url, config.secure_cookies, config.demo, config.imap) == (
        "http://127.0.0.1:8000", False, False, None,
    )  # fmt: skip


def test_everything_missing_is_told_at_once(tmp_path: Path) -> None:
    told = faults({"CRM_HOME": str(tmp_path)})
    missing = {line.split()[0] for line in told}
    assert missing == {
        f"CRM_{name}" for name in ("SECRET_KEY", "LINK_KEYS", "QUARANTINE_KEY", "MAIL_DOMAIN", "MAIL_FROM")
    }
    assert all("is not set: it is" in line and "`crm init` writes a configuration." in line for line in told)


WRONG = {
    "bind": ("8000", "localhost:99999", "127.0.0.1:http", ":80"),
    "lmtp_bind": ("24",),
    "base_url": ("rabta.npb.gov.pk", "ftp://npb.gov.pk", "http://"),
    "database_url": ("mysql://x/y", "rabta.db"),
    "secret_key": ("short",),
    "link_keys": ("", KEY, "1:abc", f"l:{KEY}", f"12:{KEY}"),
    "quarantine_key": ("", "AAAA", "no base64!"),
    "mail_domain": ("npb", "a@npb.example", "npb example.pk"),
    "mail_from": ("npb.example", "@npb.example", "jj cpu@npb.example", "jjcpu@npb"),
    "reply_address": ("reply@{domain}", "{token}{token}@{domain}", "a" * 30 + "+{token}@{domain}"),
    "smtp": ("mail.npb.gov.pk",),
    "smtp_tls": ("ssl",),
    "demo": ("maybe",),
    "secure_cookies": ("2",),
    "proxies": ("one", "-1"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_setting_is_named_with_what_it_should_be(tmp_path: Path, name: str, value: str) -> None:
    told = faults(environment(tmp_path, **{name: value}))
    assert len(told) == 1
    assert told[0].startswith(f"CRM_{name.upper()} is wrong: it is ")
    assert not (name.endswith(("key", "keys")) and value and value in told[0])


def test_every_wrong_setting_is_told_in_one_go(tmp_path: Path) -> None:
    told = faults(environment(tmp_path, **{name: values[0] for name, values in WRONG.items()}))
    assert sorted(line.split()[0] for line in told) == sorted(f"CRM_{name.upper()}" for name in WRONG)


def test_a_reply_address_must_fit_the_64_characters_of_rfc_5321(tmp_path: Path) -> None:
    fits = "a" * 26 + "+{token}@{domain}"
    assert Config.from_env(environment(tmp_path, reply_address=fits)).reply_address == fits
    assert "CRM_REPLY_ADDRESS is wrong" in faults(environment(tmp_path, reply_address="a" + fits))[0]


@pytest.mark.parametrize("server", ["mail.npb.gov.pk:25", "10.0.0.5:25", "[2001:db8::1]:25"])
def test_a_password_is_never_sent_readable_over_a_network(tmp_path: Path, server: str) -> None:
    told = faults(environment(tmp_path, smtp=server, smtp_user="jjcpu", smtp_password=PASSWORD))
    assert len(told) == 1
    assert "CRM_SMTP_TLS is off, and CRM_SMTP_PASSWORD would cross the network" in told[0]
    assert PASSWORD not in told[0]


@pytest.mark.parametrize("server", ["127.0.0.1:25", "localhost:25", "[::1]:25", "127.9.9.9:25"])
def test_a_password_to_this_machine_and_a_server_without_one_may_go_plain(tmp_path: Path, server: str) -> None:
    Config.from_env(environment(tmp_path, smtp=server, smtp_password=PASSWORD))
    Config.from_env(environment(tmp_path, smtp="mail.npb.gov.pk:25"))
    encrypted = environment(tmp_path, smtp="mail.npb.gov.pk:587", smtp_password=PASSWORD, smtp_tls="starttls")
    assert Config.from_env(encrypted).smtp_tls is Tls.STARTTLS


def test_a_mailbox_wants_its_user_and_password_and_is_not_read_in_the_clear(tmp_path: Path) -> None:
    told = faults(environment(tmp_path, imap="mail.npb.gov.pk:993"))
    assert [line.split()[0] for line in told] == ["CRM_IMAP_USER", "CRM_IMAP_PASSWORD"]
    account = {"imap": "mail.npb.gov.pk:143", "imap_user": "jjcpu", "imap_password": PASSWORD}
    assert "CRM_IMAP_TLS is off" in faults(environment(tmp_path, **account, imap_tls="none"))[0]
    config = Config.from_env(environment(tmp_path, **account, imap_folders="INBOX, Junk"))
    assert config.imap is not None
    assert config.imap.folders == ("INBOX", "Junk")


def test_the_file_stands_under_the_environment(tmp_path: Path) -> None:
    write_configuration(tmp_path, demo_settings())
    values = {"CRM_HOME": str(tmp_path), "CRM_MAIL_DOMAIN": "other.example"}
    config = Config.from_env(values)
    assert (config.demo, config.mail_domain, config.mail_from) == (True, "other.example", "jjcpu@npb.example")
    named = tmp_path / "elsewhere.toml"
    named.write_text((tmp_path / "rabta.toml").read_text().replace("jjcpu@", "consult@"))
    assert Config.from_env(values | {"CRM_CONFIG": str(named)}).mail_from == "consult@npb.example"


def test_a_file_that_is_missing_broken_or_misspelt_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rabta.toml"
    values = environment(tmp_path) | {"CRM_CONFIG": str(file)}
    assert faults(values) == [f"CRM_CONFIG names {file}, and there is no such file."]
    for content in (b"demo = maybe", b"\xff\xfe"):
        file.write_bytes(content)
        assert f"The configuration file {file} cannot be read" in faults(values)[0]
    file.write_text('smpt = "127.0.0.1:25"\nproxies = 1\n')
    assert faults(values) == ["`smpt` in the configuration file is not a setting."]


def test_a_list_and_a_switch_of_the_file_are_read_as_they_look(tmp_path: Path) -> None:
    (tmp_path / "rabta.toml").write_text('demo = true\nauthserv_ids = ["mx1.npb.example", "mx2.npb.example"]\n')
    config = Config.from_env(environment(tmp_path))
    assert (config.demo, config.authserv_ids) == (True, ("mx1.npb.example", "mx2.npb.example"))


def test_no_secret_is_shown_by_repr(tmp_path: Path) -> None:
    secrets = {
        "database_url": f"postgresql://rabta:{PASSWORD}@127.0.0.1/rabta",
        "smtp_password": PASSWORD,
        "imap": "mail.npb.gov.pk:993",
        "imap_user": "jjcpu",
        "imap_password": PASSWORD,
    }
    config = Config.from_env(environment(tmp_path, **secrets))
    shown = f"{config!r} {config} {config.imap!r}"
    assert not [secret for secret in (PASSWORD, SECRET, KEY, repr(b"k" * 32)) if secret in shown]
