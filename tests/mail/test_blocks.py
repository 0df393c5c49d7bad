"""Templates' marks become blocks, and blocks become plain text."""

from crm.mail.blocks import Shape, blocks, plain

SOURCE = """
| Dear Secretary,

One line
and another of the same paragraph.



# A heading
- An item that is long enough to be wrapped, because it says the same thing over and over again, twice
- Another

! A warning
> https://rabta.example/a/x Open your page

~~~

The foot.
"""


def test_marks_make_shapes():
    assert [block.shape.name for block in blocks(SOURCE)] == [
        "LINES", "PARAGRAPH", "HEADING", "ITEMS", "WARNING", "PAGE", "PARAGRAPH",
    ]  # fmt: skip


def test_lines_of_a_paragraph_are_joined_and_kept_lines_are_not():
    assert blocks("a\nb\n\n| c\n| d\n")[0].texts == ("a b",)
    assert blocks("a\nb\n\n| c\n| d\n")[1].texts == ("c", "d")


def test_what_follows_the_rule_is_the_foot():
    assert [block.in_foot for block in blocks(SOURCE)][-2:] == [False, True]


def test_items_are_wrapped_under_themselves_and_stand_close_to_their_heading():
    assert "A heading\n- An item that is long enough" in plain(blocks(SOURCE))
    assert "\n  over and over again, twice\n- Another\n" in plain(blocks(SOURCE))


def test_strong_words_leave_no_trace_in_plain_text():
    assert plain(blocks("by \x02Tue\x03\n")) == "by Tue\n"


def test_a_dash_inside_a_line_makes_no_item():
    assert [block.shape for block in blocks("A - B\n-x\n")] == [Shape.PARAGRAPH]
