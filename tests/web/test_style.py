"""The style sheet and the templates: what can be seen from their text."""

import re
from importlib.resources import files
from itertools import product

import pytest

CSS = files("booking.web").joinpath("static", "app.css").read_text(encoding="utf-8")
TEMPLATES = {one.name: one.read_text(encoding="utf-8") for one in files("booking.web").joinpath("templates").iterdir()}
TEXTS = ("ink", "muted", "link", "brand", "bad", "warn", "ok")
GROUNDS = ("ground", "paper", "sunk")
ON_WASH = [
    ("brand", "brand-wash"),
    ("bad", "bad-wash"),
    ("warn", "warn-wash"),
    ("ok", "ok-wash"),
    ("done", "done-wash"),
    ("info", "info-wash"),
    ("busy", "busy-wash"),
]
PAIRS = [*product(TEXTS, GROUNDS), *ON_WASH, ("on-brand", "brand"), ("on-brand", "brand-deep"), ("paper", "bad")]
INK_ON_WASH = [*product(("ink", "link", "muted"), ("brand-wash", "bad-wash", "warn-wash", "ok-wash", "done-wash"))]


def tokens(dark: bool) -> dict[str, str]:  # noqa: FBT001 -- the one thing there is to say
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", blocks[0]))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", blocks[1])) if dark else {})


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("text", "ground"), [*PAIRS, *INK_ON_WASH])
def test_text_can_be_read_on_its_ground(text: str, ground: str, dark: bool) -> None:  # noqa: FBT001 -- a parameter
    of = tokens(dark)
    assert contrast(of[text], of[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("edge", "ground"), [*product(("edge", "brand"), GROUNDS)])
def test_edges_of_controls_can_be_seen(edge: str, ground: str, dark: bool) -> None:  # noqa: FBT001 -- a parameter
    of = tokens(dark)
    assert contrast(of[edge], of[ground]) >= 3


def test_contrast_is_that_of_black_on_white() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_keeps_to_the_content_security_policy(name: str) -> None:
    text = TEMPLATES[name]
    assert not re.search(r"""\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|<style""", text)
    assert not re.search(r"""(src|href)="(https?:)?//""", text)


def test_style_names_no_place_outside() -> None:
    assert "@import" not in CSS
    assert not re.search(r"url\((?!['\"]?data:)", CSS)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_uses_only_classes_that_have_a_style(name: str) -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    used = {
        word
        for value in re.findall(r'class="([^"]*)"', re.sub(r"{[{%].*?[%}]}", " ", TEMPLATES[name]))
        for word in value.split()
    }
    assert used <= styled
