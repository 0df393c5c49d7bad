"""The collaboration timeline says what it is given: in both directions, at every scale, however crowded."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from crm.domain.reports.drawing import draw
from crm.domain.reports.sheets import (
    Bar,
    BarState,
    HolidayBand,
    Lane,
    Mark,
    Owed,
    Round,
    Sheet,
    Silence,
    Words,
    table_of,
)
from crm.domain.reports.signs import Sign, legend

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 24)
WORDS = Words(
    title="Collaboration timeline",
    description="Partners as lanes.",
    today="Tue 24 Nov",
    months=["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    weekdays=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    quarters=["Q1", "Q2", "Q3", "Q4"],
    financial_year=lambda years: f"FY {years}",
    silent=lambda days: f"{days} days without contact",
    together=lambda count, first, last: f"{count} from {first} to {last}",
)


def sheet(start: date = date(2026, 1, 1), end: date = date(2027, 7, 1), **more: object) -> Sheet:
    return Sheet(start, end, TODAY, WORDS, **more)  # type: ignore[arg-type]


def lane(name: str = "NCRC", **more: object) -> Lane:
    return Lane(name, name, **more)  # type: ignore[arg-type]


def meeting(at: date, title: str = "Meeting", label: str = "") -> Mark:
    return Mark(at, Sign.MEETING, title, "/meetings/1", label)


def tree(lanes: Sequence[Lane], on: Sheet) -> ElementTree.Element:
    return ElementTree.fromstring(draw(lanes, on))


def words_in(root: ElementTree.Element) -> list[str]:
    return [re.sub("[\u2066\u2069]", "", text.text or "") for text in root.iter(f"{SVG}text")]


def links(root: ElementTree.Element) -> dict[str, str]:
    return {a.findtext(f"{SVG}title") or "": a.get("href") or "" for a in root.iter(f"{SVG}a")}


def test_the_picture_has_a_name_and_a_description() -> None:
    root = tree([], sheet(key="year"))
    named = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert named[root.get("aria-labelledby")] == "Collaboration timeline"
    assert named[root.get("aria-describedby")] == "Partners as lanes."


def test_a_picture_with_links_in_it_is_a_group_because_an_image_may_hold_none() -> None:
    assert tree([lane()], sheet()).get("role") == "img"
    assert tree([lane(marks=[meeting(date(2026, 3, 2))])], sheet()).get("role") == "group"


def test_every_bar_round_sign_silence_and_name_is_a_link_with_its_name() -> None:
    everything = lane(
        href="/partners/1",
        bars=[Bar(date(2026, 2, 1), date(2026, 12, 1), BarState.EXPIRING, "MoU until 1 Dec", "/mous/1")],
        rounds=[Round(date(2026, 9, 1), date(2026, 9, 22), 0.4, "Round: 2 of 5", "/consultations/1")],
        marks=[meeting(date(2026, 3, 2), "Meeting on 2 Mar")],
        silences=[Silence(date(2026, 3, 2), TODAY, "No contact since 2 Mar", "/partners/1?from=2026-03-02")],
    )
    assert links(tree([everything], sheet())) == {
        "NCRC": "/partners/1",
        "MoU until 1 Dec": "/mous/1",
        "Round: 2 of 5": "/consultations/1",
        "Meeting on 2 Mar": "/meetings/1",
        "No contact since 2 Mar": "/partners/1?from=2026-03-02",
    }


def test_everything_given_is_escaped_and_control_characters_fall_away() -> None:
    nasty = "<script>\"&'\x00\x1b\ud800"
    hostile = lane(
        nasty, sub=nasty, group=nasty, href=f'/"{nasty}', marks=[Mark(TODAY, Sign.MILESTONE, nasty, "/x", nasty)]
    )
    drawing = draw([hostile], sheet(holidays=[HolidayBand(date(2026, 5, 1), date(2026, 5, 2), nasty)], key='"><b'))
    assert "<script" not in drawing
    assert "<script>\"&'" in words_in(ElementTree.fromstring(drawing))


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x", ""])
def test_an_unsafe_target_leaves_a_named_sign_that_leads_nowhere(target: str) -> None:
    root = tree([lane(marks=[Mark(TODAY, Sign.MEETING, "Meeting", target)])], sheet())
    assert links(root) == {}
    assert [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")] == ["NCRC", "Meeting"]


def test_no_colour_and_no_style_is_written_into_the_picture() -> None:
    drawing = draw([lane(marks=[meeting(TODAY)])], sheet())
    assert "style=" not in drawing
    assert re.search(r'fill="#|stroke="', drawing) is None


def test_right_to_left_mirrors_every_place_and_changes_no_anchor() -> None:
    given = [lane(marks=[meeting(date(2026, 3, 2)), meeting(date(2027, 3, 2))])]
    left, right = tree(given, sheet()), tree(given, sheet(right_to_left=True))
    assert right.get("direction") == "rtl"
    assert left.get("direction") is None
    for here, there in zip(left.iter(f"{SVG}circle"), right.iter(f"{SVG}circle"), strict=True):
        assert float(here.get("cx") or 0) + float(there.get("cx") or 0) == pytest.approx(1168, abs=0.2)
    anchors = [[text.get("text-anchor") for text in root.iter(f"{SVG}text")] for root in (left, right)]
    assert anchors[0] == anchors[1]


def test_what_lies_ahead_is_hollow() -> None:
    root = tree([lane(marks=[meeting(date(2026, 3, 2)), meeting(date(2027, 3, 2))])], sheet())
    assert [circle.get("class") for circle in root.iter(f"{SVG}circle")] == ["f-ink", "f-paper s-ink"]


def test_a_round_is_filled_by_the_share_answered() -> None:
    def filled(share: float) -> float:
        given = lane(rounds=[Round(date(2026, 9, 1), date(2026, 10, 1), share, "Round")])
        boxes = [box for box in tree([given], sheet()).iter(f"{SVG}rect") if box.get("class") == "f-ok"]
        return sum(float(box.get("width") or 0) for box in boxes)

    assert filled(0) == 0
    assert filled(0.5) == pytest.approx(filled(1) / 2, abs=0.1)
    assert filled(7) == filled(1)


def test_each_state_of_a_memorandum_is_told_apart_by_its_filling() -> None:
    def paints(state: BarState) -> set[str]:
        given = lane(bars=[Bar(date(2026, 2, 1), date(2027, 2, 1), state, "MoU")])
        bars = [box for box in tree([given], sheet()).iter(f"{SVG}rect") if box.get("rx") == "3"]
        return {f"{box.get('class')} {box.get('fill') or ''}".strip() for box in bars}

    assert paints(BarState.CLEARANCE) == {"s-quiet url(#timeline-hatch)"}
    assert paints(BarState.ACTIVE) == {"f-bar", "f-next"}
    assert paints(BarState.EXPIRING) == {"f-bar", "f-next", "f-attn"}
    assert paints(BarState.ENDED) == {"f-paper s-line2"}


def test_memoranda_that_overlap_stand_in_rows_of_their_own_and_the_lane_grows() -> None:
    one = Bar(date(2026, 2, 1), date(2026, 9, 1), BarState.ACTIVE, "one")
    two = Bar(date(2026, 5, 1), date(2026, 12, 1), BarState.ACTIVE, "two")
    after = Bar(date(2026, 10, 1), date(2026, 12, 1), BarState.ACTIVE, "after")
    heights = [float(tree([lane(bars=bars)], sheet()).get("height") or 0) for bars in ([one, after], [one, two, after])]
    root = tree([lane(bars=[one, two, after])], sheet())
    assert len({box.get("y") for box in root.iter(f"{SVG}rect") if box.get("rx") == "3"}) == 2
    assert heights[1] > heights[0]


def test_a_label_stands_after_its_sign_else_before_it_else_only_in_the_table() -> None:
    def shown(*marks: Mark) -> list[str | None]:
        root = tree([lane(marks=marks)], sheet())
        return [text.get("text-anchor") for text in root.iter(f"{SVG}text") if text.text == "a rather long label"]

    labelled = meeting(date(2026, 9, 1), label="a rather long label")
    assert shown(labelled) == ["start"]
    assert shown(labelled, meeting(date(2026, 10, 1))) == ["end"]
    assert shown(meeting(date(2026, 8, 1)), labelled, meeting(date(2026, 10, 1))) == []


def test_signs_that_would_touch_become_a_count_that_names_them() -> None:
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(9)]
    root = tree([lane(href="/partners/1", marks=[meeting(day, f"Meeting on {day}") for day in days])], sheet())
    assert list(root.iter(f"{SVG}circle")) == []
    assert "9" in words_in(root)
    [title] = [title for title in links(root) if title.startswith("9 from 2026-03-02 to 2026-03-10")]
    assert title.count("Meeting on") == 6
    assert links(root)[title] == "/partners/1"


def test_no_sign_is_lost_in_a_crowd() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number * number % 540) for number in range(400)]
    root = tree([lane(marks=[meeting(day, label="") for day in days])], sheet())
    counts = sum(int(text) for text in words_in(root) if text.isdigit())
    assert counts + len(list(root.iter(f"{SVG}circle"))) == 400


def test_on_a_crowded_sheet_only_the_names_of_lanes_are_in_the_tab_order() -> None:
    crowd = [
        lane(
            f"Partner {number}",
            href=f"/partners/{number}",
            marks=[meeting(date(2026, 1 + month, 5)) for month in range(12)],
        )
        for number in range(20)
    ]
    stops = [a for a in tree(crowd, sheet()).iter(f"{SVG}a") if a.get("tabindex") != "-1"]
    assert [stop.get("href") for stop in stops] == [f"/partners/{number}" for number in range(20)]
    assert all(a.get("tabindex") is None for a in tree(crowd[:2], sheet()).iter(f"{SVG}a"))


def test_a_silence_says_its_days_in_words_where_there_is_room_else_as_a_number() -> None:
    long = lane(silences=[Silence(date(2026, 2, 1), date(2026, 9, 1), "silence")])
    short = lane(silences=[Silence(date(2026, 2, 1), date(2026, 4, 5), "silence")])
    assert "212 days without contact" in words_in(tree([long], sheet()))
    assert "63" in words_in(tree([short], sheet()))


def test_todays_line_is_drawn_only_where_today_is_on_the_sheet() -> None:
    assert "Tue 24 Nov" in words_in(tree([], sheet()))
    assert "Tue 24 Nov" not in words_in(tree([], sheet(date(2025, 1, 1), date(2025, 7, 1))))


def test_financial_years_run_from_july() -> None:
    words = words_in(tree([], sheet(date(2025, 1, 1), date(2026, 7, 1))))
    assert [word for word in words if word.startswith("FY")] == ["FY 2024-25", "FY 2025-26"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2026, 11, 30), "Mon 23"),
        (date(2027, 2, 1), "23 Nov"),
        (date(2027, 12, 1), "Nov"),
        (date(2031, 11, 23), "Q2"),
    ],
)
def test_the_axis_goes_from_a_week_to_five_years(end: date, expected: str) -> None:
    assert expected in words_in(tree([], sheet(date(2026, 11, 23), end)))


def test_a_century_an_empty_span_and_a_phone_are_drawn_too() -> None:
    marks = [meeting(TODAY)]
    for start, end, width in ((date(1947, 8, 14), date(2047, 8, 14), 1168), (TODAY, TODAY, 1168), (TODAY, TODAY, 320)):
        assert tree([lane(marks=marks)], sheet(start, end, width=width)).tag == f"{SVG}svg"


def test_the_financial_year_is_named_even_where_todays_flag_hangs() -> None:
    for days in range(0, 1500, 50):
        start = TODAY - timedelta(days=days)
        words = words_in(tree([], sheet(start, start + timedelta(days=1826))))
        assert {"FY 2026-27", "2026-27"} & set(words), days


def test_chevrons_point_to_an_end_only_where_the_sheet_shows_it() -> None:
    def chevrons(end: date) -> int:
        given = lane(bars=[Bar(date(2026, 2, 1), date(2027, 2, 1), BarState.EXPIRING, "MoU")])
        return draw([given], sheet(end=end)).count("s-paper")

    assert chevrons(date(2027, 7, 1)) == 3
    assert chevrons(date(2027, 1, 1)) == 0


def test_an_official_name_is_broken_between_words_and_never_cut() -> None:
    name = "Ministry of Planning, Development and Special Initiatives"
    assert " ".join(word for word in words_in(tree([lane(name)], sheet())) if word in name) == name


def test_neighbours_of_one_group_share_a_heading() -> None:
    lanes = [lane("NCRC", group="Commissions"), lane("NCHR", group="Commissions"), lane("FIA", group="Police")]
    words = words_in(tree(lanes, sheet()))
    assert words.count("Commissions") == 1
    assert words.index("Commissions") < words.index("NCHR") < words.index("Police") < words.index("FIA")


def test_the_table_says_what_the_picture_says_in_the_order_of_its_lanes() -> None:
    first = Owed("MoU ends 16 Feb", "18 Nov", "We: Director", "15 Jan")
    second = Owed("Reply awaited", "2 Nov", "Partner", "1 Dec")
    rows = table_of([lane("NCRC", owes=[first]), lane("NCHR"), lane("FIA", owes=[second, first])])
    assert [(row.lane.name, row.owed) for row in rows] == [("NCRC", first), ("FIA", second), ("FIA", first)]


def test_every_sign_has_a_picture_for_the_legend() -> None:
    pictures = {legend(sign, planned) for sign in Sign for planned in (False, True)}
    assert len(pictures) == 2 * (len(Sign) - 1)
    assert all(ElementTree.fromstring(picture).get("aria-hidden") == "true" for picture in pictures)
