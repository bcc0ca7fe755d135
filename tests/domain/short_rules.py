"""A rule set in as few words as can be, for tests of one thing at a time."""

from typing import Any

from booking.domain.credential import Credential
from booking.domain.eligibility import Reason, evaluate
from booking.domain.rules import RuleSet, parse_rules
from booking.domain.time.span import TimeSpan
from tests.domain.factories import make_ask, make_credential

HEAD = """
jurisdiction = "{place}"
name = "{name}"
version = "1"
confidence = "high"
reviewed_on = 2026-11-22
review_by = 2027-05-22
{head}
[source.act]
title = "The Act"
"""
GRANT = """
[[grant]]
id = "{name}"
professions = ["physical_therapist"]
stance = "permitted"
source = ["act"]
[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]
"""


def written(*grants: str, place: str = "XX", name: str = "Everyland", head: str = "") -> RuleSet:
    """The rule set of these grants."""
    return parse_rules(HEAD.format(place=place, name=name, head=head) + "".join(grants))


def permitting(*needs: str, name: str = "pt", limit: str = "") -> str:
    """A permission that asks physical therapists for a licence and whatever else is given, one need after another."""
    asked = "".join(f'\n[[grant.require]]\nid = "need-{n}"\nsay = "?"\nsource = ["act"]\n{need}\n'
                    for n, need in enumerate(needs, 1))  # fmt: skip
    return GRANT.format(name=name) + asked + (f"\n[grant.limit]\n{limit}\n" if limit else "")


def everylands(**changes: Any) -> Credential:
    """A licence of Everyland."""
    return make_credential(**{"jurisdiction": "XX", **changes})


def reasons(rules: RuleSet, span: TimeSpan, *credentials: Credential, **changes: Any) -> tuple[Reason, ...]:
    return evaluate(rules, make_ask(*credentials, **changes)).reasons(span)
