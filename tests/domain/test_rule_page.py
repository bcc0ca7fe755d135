"""A rule set as a page: nothing of what it says is left out."""

from datetime import date

import pytest

from booking.domain.rules import parse_rules
from booking.domain.rules.needs import with_parts
from booking.domain.rules.page import page
from booking.rules import shipped
from tests.domain.test_rules_document import EXAMPLE

TODAY = date(2026, 12, 1)
TEXTS = {**shipped(), "document": EXAMPLE}

SHORT = """
jurisdiction = "XX-1"
name = "First Province"
version = "2"
confidence = "high"
reviewed_on = 2026-11-22
review_by = 2027-05-22
within = "XX"

[source.act]
title = "Needling Act"
reference = "section 5"

[[grant]]
id = "pt"
professions = ["physical_therapist", "osteopath"]
stance = "permitted"
from = 2024-04-01
source = ["act"]
duty = [{ say = "Send proof of training to the board", within_days = 30 }]

[grant.limit]
say = "Not the chest"
regions_never = ["thorax"]

[[grant.require]]
id = "order"
say = "A medical order, or no needle in the neck"
source = ["act"]
any = [
  { id = "order.medical", need = "document", kind = "medical_order", say = "A medical order" },
]

[[grant.require]]
id = "hours"
need = "total"
of = "hours_total"
at_least = 54
say = "54 hours of training."
source = ["act"]

[[grant]]
id = "dc"
professions = ["chiropractor"]
stance = "silent"
confidence = "low"
contested = true
say = "No law on chiropractors was found"
source = ["act"]
"""

PAGE = """\
XX-1  First Province
Version 2, held against its sources on 2026-11-22, to be again by 2027-05-22.
Confidence high: the text of the law or rule itself was read.
It lies within XX, whose law holds here as well: a visit must be lawful by both.
This is somebody's reading of the law and no legal advice.

In short
  - Osteopath: permitted from 2024-04-01, within limits (grant pt)
  - Physical therapist: permitted from 2024-04-01, within limits (grant pt)
  - Chiropractor: silent (grant dc)
  - Everybody else: as XX says

For the clinic's owner to decide
  - Chiropractor (grant dc): No law on chiropractors was found

Osteopath, physical therapist, from 2024-04-01 (grant pt)
  - Permitted to whoever meets every requirement.
  - To be assigned:
    - 54 hours of training.
      [hours: an amount that adds up; adds up: hours total; at least: 54. Source: Needling Act]
  - Before the visit starts:
    - A medical order, or no needle in the neck.
      [order: one of several. Source: Needling Act]
        - A medical order.
          [order.medical: a document; kind: medical order. Source: Needling Act]
  - Limit: Not the chest (never in the regions: thorax).
  - Duty: Send proof of training to the board (within 30 days).
  - Source, confidence high: Needling Act (section 5).

Chiropractor (grant dc)
  - The law says nothing: refused until the owner decides.
  - No law on chiropractors was found.
  - It is contested.
  - Source, confidence low: Needling Act (section 5)."""


def test_page_is_read_by_a_manager() -> None:
    assert "\n".join(page(parse_rules(SHORT), TODAY)) == PAGE


def test_law_that_is_hardly_known_is_the_owners_to_decide() -> None:
    text = SHORT.replace('stance = "silent"\nconfidence = "low"', 'stance = "permitted"\nconfidence = "low"')
    shown = "\n".join(page(parse_rules(text), TODAY))
    assert "  - Chiropractor: permitted, once the owner has decided (grant dc)\n" in shown
    assert "requirement; the owner must decide, for too little is known.\n" in shown


def test_page_says_when_it_is_time_to_read_the_sources_again() -> None:
    for day, said in ((date(2027, 5, 21), False), (date(2027, 5, 22), True)):
        shown = " ".join(page(parse_rules(SHORT), day))
        assert ("That day has come: read it against its sources again." in shown) is said


@pytest.mark.parametrize("name", TEXTS)
def test_page_leaves_nothing_out(name: str) -> None:
    rules = parse_rules(TEXTS[name])
    lines = list(page(rules, TODAY))
    assert [line for line in lines if len(line) > 100 and " " in line.strip()] == []
    shown = " ".join(" ".join(lines).split())
    needs = [need for grant in rules.grants for need in with_parts(grant.needs)]
    wanted = [need.say.rstrip(".") for need in needs] + [f"[{need.id}: " for need in needs]
    wanted += [grant.say.rstrip(".") for grant in rules.grants if grant.say]
    wanted += [duty.say for grant in rules.grants for duty in grant.duties]
    wanted += [str(source) for grant in rules.grants for source in grant.sources]
    wanted += [source.title for need in needs for source in need.sources]
    wanted += [f"(grant {grant.id})" for grant in rules.grants]
    wanted += [str(day) for grant in rules.grants for day in (grant.first, grant.last, grant.expected) if day]
    wanted += [one.say for one in rules.exemptions]
    assert [one for one in wanted if " ".join(one.split()) not in shown] == []
