"""Lists as offices send them, written in place."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm.demo.loading import load_lists
from crm.importing.plan import Counts, ImportPlan
from crm.importing.planning import plan_organisations
from crm.importing.writing import write_plan
from crm.runtime import SETTER_UP, a_unit
from crm.uow import Actor
from tests.support.builders import LINKS
from tests.support.fakes import fake_ports

HEADINGS = ("Name", "Type", "Province")
SAHIL = ("Sahil", "ngo", "Punjab")


class Desk:
    """An officer with a register and a folder of lists."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.ports = engine, folder, fake_ports()
        with a_unit(engine, self.ports, LINKS, SETTER_UP) as uow:
            load_lists(uow)

    def plan(self, file: Path, **told: bool) -> ImportPlan:
        """What an import would do."""
        with Session(self.engine) as session:
            return plan_organisations(session, file, **told)

    def write(self, plan: ImportPlan, actor: Actor = SETTER_UP) -> Counts:
        """Do it."""
        with a_unit(self.engine, self.ports, LINKS, actor) as uow:
            return write_plan(uow, plan)

    def take(self, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, **told: bool) -> Counts:
        """Import rows of a CSV."""
        return self.write(self.plan(self.csv(*rows, headings=headings), **told))

    def csv(self, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, separator: str = ",") -> Path:
        """A CSV under headings."""
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator).writerows([headings, *rows])
        return self.file("list.csv", written.getvalue().encode())

    def json(self, written: Any) -> Path:
        """A JSON file."""
        return self.file("list.json", json.dumps(written, ensure_ascii=False).encode())

    def xlsx(self, *rows: Sequence[Any]) -> Path:
        """A workbook of one sheet."""
        workbook = Workbook()
        for row in rows:
            workbook.active.append(row)
        path = self.folder / "list.xlsx"
        workbook.save(path)
        return path

    def file(self, name: str, content: bytes) -> Path:
        """Any file."""
        path = self.folder / name
        path.write_bytes(content)
        return path


def reasons(plan: ImportPlan) -> dict[int, str]:
    """Row number to why it is refused, in English."""
    return {one.row: str(one.reason) for one in plan.refused}
