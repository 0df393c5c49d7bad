"""Where the `crm` command begins. Nothing of what it loads is garbage, so the collector rests until all is there."""

import gc

gc.disable()

from crm.cli import main as run  # noqa: E402  the order is the point


def main() -> None:
    """Run the command that was typed."""
    gc.enable()
    run()


if __name__ == "__main__":
    main()
