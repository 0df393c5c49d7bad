"""Working days, holidays and quiet hours: pure, over a `Calendar` value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

NATIONAL = "national"
ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
# A calendar that closes every day would be searched for ever.
FURTHEST = 3660


@dataclass(frozen=True)
class Calendar:
    """Which days are closed: weekend days (Monday is 0) and, for each holiday, the scopes it closes.

    A scope is `national`, or the code of one province. Any other scope (optional, bank, one organisation) closes no
    office for the counting of days.
    """

    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    holidays: Mapping[date, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[date, str]], weekend: Iterable[int] = (SATURDAY, SUNDAY)) -> "Calendar":
        """From rows of (day, scope); the same day may stand for several provinces."""
        holidays: dict[date, frozenset[str]] = {}
        for day, scope in rows:
            holidays[day] = holidays.get(day, frozenset()) | {scope}
        return cls(frozenset(weekend), holidays)

    def closed(self, day: date, province: str | None = None) -> bool:
        """Whether offices are shut on `day`; with a province, its own holidays count too."""
        scopes = self.holidays.get(day, frozenset())
        return day.weekday() in self.weekend or NATIONAL in scopes or (province is not None and province in scopes)


@dataclass(frozen=True)
class Workdays:
    """Counting in working days over one calendar."""

    calendar: Calendar = field(default_factory=Calendar)
    _known: dict[tuple[date, int, str | None], date] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Shifts counted before: a page of requests asks for the same few again and again."""

    def is_working(self, day: date, province: str | None = None) -> bool:
        """Whether `day` is a working day, in `province` where one is named."""
        return not self.calendar.closed(day, province)

    def settle(self, day: date, province: str | None = None) -> date:
        """`day`, or the next working day where it falls on a weekend or a holiday. Raises ValueError if none comes."""
        return self._nearest(day, ONE_DAY, province)

    def shift(self, day: date, offset: int, province: str | None = None) -> date:
        """The working day `offset` working days from `day`; before it where negative.

        `day` itself is not counted. A deadline on a closed day first moves to the next working day, so 0 settles it.
        """
        known = self._known.get((day, offset, province))
        if known is None:
            known = self._known[day, offset, province] = self._shifted(self.settle(day, province), offset, province)
        return known

    def _shifted(self, day: date, offset: int, province: str | None) -> date:
        step = ONE_DAY if offset > 0 else -ONE_DAY
        for _ in range(abs(offset)):
            day = self._nearest(day + step, step, province)
        return day

    def between(self, start: date, end: date, province: str | None = None) -> int:
        """Working days after `start` up to and including `end`; negative where `end` is the earlier."""
        if end < start:
            return -self.between(end, start, province)
        span = (end - start).days
        return sum(self.is_working(start + timedelta(days=count), province) for count in range(1, span + 1))

    def next_sending_moment(
        self,
        moment: datetime,
        zone: tzinfo,
        opens: time = time(8, 30),
        closes: time = time(17, 0),
        province: str | None = None,
    ) -> datetime:
        """`moment` if an office in `zone` is open then, else the next opening. Aware in, aware UTC out."""
        local = moment.astimezone(zone)
        today = local.date()
        if self.is_working(today, province) and opens <= local.time() < closes:
            return moment.astimezone(UTC)
        day = today if local.time() < opens else today + ONE_DAY
        return datetime.combine(self.settle(day, province), opens, zone).astimezone(UTC)

    def _nearest(self, day: date, step: timedelta, province: str | None) -> date:
        for _ in range(FURTHEST):
            if self.is_working(day, province):
                return day
            day += step
        raise ValueError("The calendar has no working day.")
