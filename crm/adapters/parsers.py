"""The process that takes files from outside apart: little memory, little time, no network and no other program."""

import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crm.adapters.reading import SIZE, SIZES, exactly, packed
from crm.documents.reading import text_of

REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ctypes.", "pty.")


class NotHere(PermissionError):
    """A parser has no business with a network or another program."""


def main(arguments: Sequence[str]) -> None:
    """Read files from standard input and answer on standard output until it is closed."""
    memory, cpu_seconds = map(int, arguments)
    load_parsers()
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is no answer
    confine(memory)
    while header := questions.read(SIZES.size):
        kind_size, size = SIZES.unpack(header)
        kind, content = exactly(questions, kind_size).decode(), exactly(questions, size)
        allow(cpu_seconds)
        answer = packed(text_of(content, kind))
        answers.write(SIZE.pack(len(answer)) + answer)
        answers.flush()


def load_parsers() -> None:
    """Load the libraries before the memory is measured: nothing of their size shall count against a file."""
    import pypdf  # noqa: PLC0415, F401 for the reason above
    import python_calamine  # noqa: PLC0415, F401


def confine(memory: int) -> None:
    """Take no more than `memory` octets beyond what is taken now, write no file, and shut the ways out."""
    limit(resource.RLIMIT_AS, size_now() + memory)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    sys.addaudithook(refuse)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook (PEP 578) that raises NotHere for a way out."""
    if event.startswith(REFUSED):
        raise NotHere(event)


def allow(cpu_seconds: int) -> None:
    """So much of the processor for the next file; the kernel ends the process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds, hard))


def limit(which: int, value: int) -> None:
    """Set a limit of the kernel, also for what may raise it."""
    resource.setrlimit(which, (value, value))


def size_now() -> int:
    """The octets of address space that this process has (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    main(sys.argv[1:])
