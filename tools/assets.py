"""Copies the stylesheets, scripts and fonts we serve out of node_modules into crm/static/vendor.

`assets.py` copies, `assets.py --check` compares what lies there with its manifest, `assets.py --tidy-lock` removes
every address from package-lock.json.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "crm" / "static" / "vendor"
MANIFEST = "manifest.json"
LICENCES = "LICENCES.txt"

FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.rtl.min.css": "@tabler/core/dist/css/tabler.rtl.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "alpine/alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "fonts/inter-latin-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "fonts/inter-latin-ext-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "fonts/noto-naskh-arabic-arabic-wght-normal.woff2": (
        "@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2"
    ),
    "fonts/noto-nastaliq-urdu-arabic-wght-normal.woff2": (
        "@fontsource-variable/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-wght-normal.woff2"
    ),
}
SOURCE_MAP = re.compile(rb"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)[ \t]*\r?\n?")


def without_source_map(content: bytes) -> bytes:
    """The same text without the line that sends a browser after a map we do not serve."""
    return SOURCE_MAP.sub(b"", content)


def package_of(source: str) -> str:
    """'@scope/name' or 'name': the package that a path below node_modules belongs to."""
    parts = source.split("/")
    return "/".join(parts[:2]) if source.startswith("@") else parts[0]


def licence_of(package: str) -> str:
    """What the package says of its licence, with the licence's own text where the package carries it."""
    folder = NODE_MODULES / package
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    texts = [path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("LICEN[SC]E*"))]
    author = about.get("author", "")
    who = author.get("name", "") if isinstance(author, dict) else author
    heading = f"{package} {about['version']}: {about.get('license', 'no licence named')}{', ' + who if who else ''}"
    return "\n\n".join([heading, *texts])


def copied(fresh: Path) -> dict[str, str]:
    """Copy every named file below `fresh`; path -> SHA-256 of what was written."""
    digests = {}
    for name, source in FILES.items():
        content = (NODE_MODULES / source).read_bytes()
        if not name.endswith(".woff2"):
            content = without_source_map(content)
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    return digests


def copy() -> int:
    """Build the folder beside the old one and put it in its place whole; returns the number of files."""
    missing = [source for source in FILES.values() if not (NODE_MODULES / source).is_file()]
    if missing:
        raise SystemExit(f"assets: not in node_modules: {', '.join(missing)}. Run `make setup`.")
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    digests = copied(fresh)
    packages = sorted({package_of(source) for source in FILES.values()})
    rule = "\n\n" + "-" * 78 + "\n\n"
    (fresh / LICENCES).write_text(rule.join(map(licence_of, packages)) + "\n", encoding="utf-8")
    (fresh / MANIFEST).write_text(json.dumps(digests, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    return len(digests)


def wrong() -> list[str]:
    """The files that are missing from crm/static/vendor or differ from its manifest."""
    if not (VENDOR / MANIFEST).is_file():
        return [MANIFEST]
    digests = json.loads((VENDOR / MANIFEST).read_text(encoding="utf-8"))
    return [
        name
        for name in sorted(FILES.keys() | digests.keys())
        if name not in digests
        or not (VENDOR / name).is_file()
        or hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() != digests[name]
    ]


def tidy_lock() -> None:
    """Take the addresses (where from, whom to fund) out of package-lock.json; the digests stay."""
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    if arguments == ["--tidy-lock"]:
        tidy_lock()
    elif arguments == ["--check"]:
        if names := wrong():
            raise SystemExit(f"assets: missing or changed in crm/static/vendor: {', '.join(names)}. Run `make assets`.")
    else:
        print(f"{copy()} files in crm/static/vendor")


if __name__ == "__main__":
    main(sys.argv[1:])
