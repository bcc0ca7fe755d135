"""TEXT values and content lines of RFC 5545: from any string a person typed to bytes no parser can misread."""

import unicodedata

_NEWLINES = dict.fromkeys((0x0D, 0x85, 0x2028, 0x2029), "\n")
_CONTROLS = dict.fromkeys(code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A))
_BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_LONE_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_CLEANED: dict[int, str | None] = {**_CONTROLS, **_BIDI_CONTROLS, **_LONE_SURROGATES, **_NEWLINES}

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})

# 74 octets and the space that begins a continued line make the 75 of RFC 5545 3.1.
_CHUNK = 74


def clean(text: str, limit: int) -> str:
    r"""NFC text of at most `limit` characters, without control characters other than `\n` and TAB.

    Every kind of line break becomes `\n`, overrides of the writing direction and white space at both ends go,
    what is too long ends in an ellipsis.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_CLEANED)).strip()
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    """The TEXT value (RFC 5545 3.3.11) of a text that was cleaned."""
    return text.translate(_ESCAPED)


def fold(line: str) -> bytes:
    """A content line, without its line break, as UTF-8 lines of at most 75 octets, each ended by CRLF.

    A fold parts neither a character, nor a letter from its combining marks (unless they alone fill a line), nor a
    backslash from what it escapes. Otherwise lines break where icalendar breaks them.
    """
    octets = line.encode()
    lines = []
    start = 0
    while len(octets) - start > _CHUNK:
        end = _fold_at(octets, start)
        lines.append(octets[start:end])
        start = end
    lines.append(octets[start:])
    return b"\r\n ".join(lines) + b"\r\n"


def text_line(name: str, value: str, limit: int) -> bytes:
    """A content line with a TEXT value, cleaned, escaped and folded; nothing when no text is left of the value."""
    cleaned = clean(value, limit)
    return fold(f"{name}:{escape(cleaned)}") if cleaned else b""


def _fold_at(octets: bytes, start: int) -> int:
    end = _character_start(octets, start + _CHUNK)
    before_marks = end
    while before_marks > start and _is_mark(octets, before_marks):
        before_marks = _character_start(octets, before_marks - 1)
    if before_marks > start:
        end = before_marks
    return end - 1 if end - 1 > start and octets[end - 1] in b"\\^" else end


def _character_start(octets: bytes, position: int) -> int:
    while octets[position] & 0xC0 == 0x80:
        position -= 1
    return position


def _is_mark(octets: bytes, position: int) -> bool:
    first = octets[position]
    if first < 0x80:
        return False
    width = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    return unicodedata.category(octets[position : position + width].decode()).startswith("M")
