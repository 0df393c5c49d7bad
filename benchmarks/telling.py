"""Progress, on standard error, so that standard output holds nothing but the figures."""

import sys
import time

BEGAN = time.monotonic()


def tell(what: str) -> None:
    """One line with the seconds since the start."""
    print(f"{time.monotonic() - BEGAN:7.1f} s  {what}", file=sys.stderr, flush=True)
