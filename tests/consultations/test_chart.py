"""The drawing of "answers by day"."""

from datetime import date, timedelta

from crm.blueprints.consultations.chart import FLOOR, LEFT, RIGHT, TOP, WIDE, Day, chart

FIRST = date(2026, 11, 2)


def days(*answers: int, mark: int = -1) -> list[Day]:
    """A day for each number of answers; those of one place carry the word "due"."""
    return [
        Day(FIRST + timedelta(days=place), count, sum(answers[: place + 1]), place % 7 > 4, "due" * (place == mark))
        for place, count in enumerate(answers)
    ]


def test_bars_stand_on_the_floor_and_the_line_ends_at_all_answers() -> None:
    drawn = chart(days(2, 0, 3), 10, is_mirrored=False)

    assert [round(y + height, 1) for _x, y, height in drawn["bars"]] == [FLOOR, FLOOR]
    assert drawn["answered"] == 5
    assert float(drawn["line"].split()[-1].split(",")[1]) == (FLOOR + TOP) / 2


def test_the_side_axis_says_round_numbers_below_the_number_invited() -> None:
    for invited, said in ((3, [1, 2]), (10, [5]), (198, [50, 100, 150]), (2000, [500, 1000, 1500]), (1, [])):
        assert [count for count, _y in chart(days(1), invited, is_mirrored=False)["scale"]] == said


def test_the_urdu_drawing_is_the_english_one_in_the_mirror() -> None:
    plain, mirrored = (chart(days(1, 0, 2, mark=1), 4, is_mirrored=one) for one in (False, True))

    assert (plain["left"], plain["right"]) == (LEFT, RIGHT)
    assert (mirrored["left"], mirrored["right"]) == (WIDE - LEFT, WIDE - RIGHT)
    for (x, *_), (across, *_rest) in zip(plain["bars"], mirrored["bars"], strict=True):
        assert abs(x + across + plain["bar_width"] - WIDE) < 0.2


def test_every_seventh_day_is_named_and_none_crowds_the_last() -> None:
    ticks = chart(days(*[0] * 17), 5, is_mirrored=False)["ticks"]

    assert [(on - FIRST).days for _x, on, _last in ticks] == [0, 7, 16]


def test_a_round_without_a_day_draws_an_empty_plane() -> None:
    drawn = chart([], 0, is_mirrored=False)

    assert (drawn["bars"], drawn["line"], drawn["answered"]) == ([], "", 0)
