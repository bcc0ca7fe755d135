"""docs/rules.md: its examples are one rule set that shows every key, and it lists every word."""

import inspect
import re

import pytest

from booking.domain import words
from booking.domain.rules import parse_rules, parsing, requirements
from booking.domain.rules.needs import with_parts
from tests.sources import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = "\n".join(re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
READ = re.compile(r'(?:take|text|maybe_text|flag|whole|maybe_whole|word|words|day|table|tables|matching|some)'
                  r'\(\s*(?:table, )?"(\w+)"')  # fmt: skip
ELSEWHERE = {"accept_until", "implied_by"}


def test_examples_are_one_rule_set() -> None:
    rules = parse_rules(EXAMPLE)
    assert [grant.id for grant in rules.grants] == ["pt", "pt-senior", "pta", "ot", "dc", "unregulated"]
    kinds = {type(need).__name__ for grant in rules.grants for need in with_parts(grant.needs)}
    assert len(kinds) == 8  # every kind of need, and one of the two ways to combine them


def test_examples_show_every_key() -> None:
    source = inspect.getsource(parsing) + inspect.getsource(requirements)
    keys = set(READ.findall(source))
    assert len(keys) > 40
    assert sorted(key for key in keys if f"{key} = " not in EXAMPLE and f"[grant.{key}]" not in EXAMPLE
                  and f"[[grant.{key}]]" not in EXAMPLE and f"[[{key}]]" not in EXAMPLE
                  and f"[{key}" not in EXAMPLE) == []  # fmt: skip


VOCABULARY = [
    words.PROFESSIONS, words.REGIONS, words.TECHNIQUES, words.CREDENTIAL_KINDS, words.ATTRIBUTES, words.STATUSES,
    words.DOCUMENT_KINDS, words.CONTENT,
]  # fmt: skip


@pytest.mark.parametrize("vocabulary", VOCABULARY, ids=len)
def test_every_word_is_listed(vocabulary: frozenset[str]) -> None:
    listed = set(re.findall(r"`(\w+)`", PAGE.partition("## Words")[2]))
    assert vocabulary - listed == set()
