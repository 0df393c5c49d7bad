"""Bytes of unknown honesty into clean text: declared charset, then the likelier guesses, then what cannot fail."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

ALIASES = {
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gbk",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp-850": "cp850",
    "ansi_x3.110": "latin-1",
    "ansi_x3.110-1983": "latin-1",
    "unknown-8bit": "",
    "unknown": "",
    "x-unknown": "",
    "default": "",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "8bit": "",
    "binary": "",
    "x-user-defined": "",
}
LATIN = {"latin-1", "iso8859-1", "cp1252", "ascii"}
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GUESSABLE = ["utf_8", "cp1252", "cp1256", "cp1251", "koi8_r", "shift_jis", "gb18030", "big5", "euc_kr", "cp1250"]
GUESS_OCTETS = 4096
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]+")
_ARABIC_LETTERS_1256 = re.compile(rb"[\xc7-\xd6\xd8-\xdb\xdd-\xdf\xe1\xe3-\xe6\xec\xed]")


def codec_name(declared: str) -> str:
    """Python's name of the declared charset; empty where it is unknown or says nothing."""
    wanted = declared.strip().strip("\"'").lower()
    wanted = ALIASES.get(wanted, wanted)
    if not wanted or len(wanted) > 60:
        return ""
    try:
        found = codecs.lookup(wanted)
    except (LookupError, ValueError, UnicodeError):
        return ""
    text_codec = getattr(found, "_is_text_encoding", True) and found.name not in ("idna", "punycode", "unicode_escape")
    return found.name if text_codec else ""


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """Text of `data` and whether its charset had to be guessed. Never raises."""
    name = codec_name(declared)
    for mark, codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            name = codec
    if data.isascii() and name in LATIN | {"", "utf-8"}:
        return data.decode("ascii"), False
    candidates = ["utf-8", name] if name in LATIN | {""} else [name, "utf-8"]
    for candidate in filter(None, candidates):
        try:
            codec = "cp1252" if candidate in ("iso8859-1", "latin-1") else candidate
            return data.decode(codec), candidate != name and bool(declared)
        except (UnicodeError, ValueError, LookupError):
            continue
    return _guess(data), True


def _guess(data: bytes) -> str:
    sample = data[:GUESS_OCTETS]
    if len(sample) >= 64:
        best = from_bytes(sample, cp_isolation=GUESSABLE).best()
        if best is not None:
            return data.decode(best.encoding, "replace")
    high = sum(byte > 127 for byte in sample)
    arabic = high > len(sample) // 3 and len(_ARABIC_LETTERS_1256.findall(sample)) > high * 0.8
    return data.decode("cp1256" if arabic else "cp1252", "replace")


def clean_text(text: str) -> str:
    """Many lines: one kind of line end, no NUL, lone surrogate or control but tab and newline; NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def clean_line(text: str) -> str:
    """One line: every run of control characters and line ends, also U+2028, becomes one space; NFC."""
    return unicodedata.normalize("NFC", _CONTROLS.sub(" ", text)).strip()
