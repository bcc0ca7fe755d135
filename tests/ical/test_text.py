import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.ical.text import clean, escape, fold, text_line

ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("\r\n\\;,^\u0301🪡\u202e\u2028\ufe0f\x85")), max_size=300)


def unfolded(lines: bytes) -> str:
    return lines.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode()


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Zoe\u0308", "Zoë"),
        ("a\r\nb\rc\nd\u2028e\u2029f\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("a\x00b\x07c\x0bd\x1fe\x7ff\x9fg\th", "abcdefg\th"),
        ("a\u202ab\u202ec\u2066d\u2069e", "abcde"),
        ("مرحبا\u200f", "مرحبا\u200f"),
        ("a\ud83eb", "a\ufffdb"),
        (" \r\n a ", "a"),
        ("0123456789", "0123456789"),
        ("0123456789x", "012345678…"),
        ("01234567 9x", "01234567…"),
    ],
)
def test_clean_what_people_type(typed: str, cleaned: str) -> None:
    assert clean(typed, 10 if "0" in typed else 100) == cleaned


@settings(deadline=None)
@given(ANY_TEXT)
def test_clean_twice_changes_nothing(text: str) -> None:
    once = clean(text, 50)
    assert (clean(once, 50), len(once) <= 50, unicodedata.is_normalized("NFC", once)) == (once, True, True)


def test_escape_all_that_rfc_5545_names_and_nothing_else() -> None:
    assert escape('a\\b;c,d\ne:f"g^h=i') == 'a\\\\b\\;c\\,d\\ne:f"g^h=i'


@settings(deadline=None)
@given(ANY_TEXT)
def test_text_line_of_any_text_is_one_content_line(text: str) -> None:
    written = text_line("NAME", text, 100)
    cleaned = clean(text, 100)
    lines = written.split(b"\r\n")
    assert unfolded(written) == (f"NAME:{escape(cleaned)}" if cleaned else "")
    assert lines.pop() == b""
    assert [line for line in lines if len(line) > 75 or b"\r" in line or b"\n" in line] == []
    assert "".join(line.decode() for line in lines).isprintable() or any(not c.isprintable() for c in cleaned)
    assert all(line.startswith(b" ") for line in lines[1:])


def test_fold_leaves_75_octets_to_a_line() -> None:
    assert fold("x" * 74) == b"x" * 74 + b"\r\n"
    assert fold("x" * 149) == b"x" * 74 + b"\r\n " + b"x" * 74 + b"\r\n x\r\n"


def test_fold_keeps_characters_whole() -> None:
    assert fold("x" * 71 + "🪡🪡") == b"x" * 71 + "\r\n 🪡🪡\r\n".encode()
    assert fold("x" * 70 + "🪡🪡") == b"x" * 70 + "🪡\r\n 🪡\r\n".encode()


def test_fold_keeps_marks_with_their_letter() -> None:
    assert fold("x" * 73 + "e\u0331\u0359y") == b"x" * 73 + "\r\n e\u0331\u0359y\r\n".encode()


def test_fold_parts_marks_that_fill_a_line() -> None:
    assert (
        fold("e" + "\u0331" * 80)
        == "\r\n ".join(
            ["e" + "\u0331" * 36, "\u0331" * 37, "\u0331" * 7 + "\r\n"],
        ).encode()
    )


def test_fold_keeps_escapes_whole() -> None:
    assert fold("x" * 73 + r"\;y") == b"x" * 73 + b"\r\n \\;y\r\n"
    assert fold("x" * 73 + "\\n\u0331y") == b"x" * 73 + "\r\n \\n\u0331y\r\n".encode()
