"""The reader of files from outside: the parsers run in a process of their own, which a trap may kill; ours lives on."""

import json
import logging
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from crm.documents import reading
from crm.i18n import Message
from crm.ports import DocumentText

log = logging.getLogger(__name__)
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
# By the clock, for a parser that waits instead of working.
PATIENCE_SECONDS = 40
# So many files, and the process is replaced before what it leaked counts against the next file.
MOST_FILES = 200
SIZES = struct.Struct(">II")
SIZE = struct.Struct(">I")
# None of our secrets, which stand in the environment, goes to the parsers.
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class ChildReader:
    """Fulfils crm.ports.Reader. One process reads one file after another and is started again when it died.

    memory: octets that it may take beyond its own size; cpu_seconds: for each file; both are limits of the kernel.
    """

    def __init__(
        self, memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._limits = (str(memory), str(cpu_seconds))
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._read = 0

    def text_of(self, content: bytes, media_type: str) -> DocumentText:
        """The words of `content`. A file that ends the process, by its size or its toil, is unread by the machine."""
        kind = reading.bare_type(media_type)
        if kind not in reading.PARSED or len(content) > reading.LARGEST:
            return reading.text_of(content, kind)
        with self._lock:
            child = self._running()
            try:
                return self._asked(child, kind.encode(), content)
            except (OSError, EOFError, ValueError, KeyError, TypeError):
                self._end()
                log.warning("a file could not be read; its parser ended with %s", child.returncode)
                return reading.unread(reading.UNSAFE)

    def close(self) -> None:
        """End the process; the next file starts another."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        # After a fork the parent's process is not ours to talk to.
        if self._child is not None and self._owner == os.getpid():
            if self._child.poll() is None and self._read < MOST_FILES:
                return self._child
            self._end()
        self._owner, self._read = os.getpid(), 0
        self._child = subprocess.Popen(
            [sys.executable, "-m", "crm.adapters.parsers", *self._limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        )
        return self._child

    def _asked(self, child: subprocess.Popen[bytes], kind: bytes, content: bytes) -> DocumentText:
        assert child.stdin is not None
        assert child.stdout is not None
        alarm = threading.Timer(self._patience, child.kill)
        alarm.start()
        try:
            child.stdin.write(SIZES.pack(len(kind), len(content)) + kind)
            child.stdin.write(content)
            child.stdin.flush()
            self._read += 1
            return unpacked(exactly(child.stdout, SIZE.unpack(exactly(child.stdout, SIZE.size))[0]))
        finally:
            alarm.cancel()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                close_quietly(pipe)


def close_quietly(pipe: IO[bytes]) -> None:
    """Close a pipe whose other end may be gone with words of ours still in it."""
    try:
        pipe.close()
    except OSError:
        log.debug("a pipe to the parsers was broken")


def exactly(source: IO[bytes], size: int) -> bytes:
    """`size` octets of `source`. Raises EOFError where it ends before."""
    content = source.read(size)
    if len(content) < size:
        raise EOFError("the other end is gone")
    return content


def packed(found: DocumentText) -> bytes:
    """What was read, for the way back. No pickle: the process that writes it is not trusted."""
    reason = {"text": found.reason.text, "plural": found.reason.plural, "params": found.reason.params}
    return json.dumps({"text": found.text, "readable": found.readable, "reason": reason}).encode()


def unpacked(answer: bytes) -> DocumentText:
    """The way back of `packed`. Raises ValueError, KeyError or TypeError for anything else."""
    found: dict[str, Any] = json.loads(answer)
    reason = found["reason"]
    sentence = Message(str(reason["text"]), reason["plural"], **{name: int(n) for name, n in reason["params"].items()})
    return DocumentText(str(found["text"]), found["readable"] is True, sentence)
