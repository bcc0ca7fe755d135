"""Law upon law: rule sets of places that lie within one another."""

from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Credential
from booking.domain.eligibility import OwnerDecision, before_start, evaluate
from booking.domain.errors import RulesInvalid
from booking.domain.rules import RuleSet, stacked
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, make_ask, make_credential, visit
from tests.domain.short_rules import everylands, permitting, written

DAY = visit(date(2027, 1, 14))
REGISTERED = 'need = "credential"\nkind = "registration"'
PREMISES = 'need = "credential"\nkind = "premises_approval"\nholder = "site"'
NATION = written(permitting(REGISTERED))
REGISTRATION = make_credential("registration", valid_until=date(2027, 6, 30))
APPROVAL = make_credential("premises_approval", valid_from=date(2026, 7, 1))


def province(*grants: str, more: str = "", place: str = "XX-1", within: str = "XX") -> RuleSet:
    return written(*grants, more, place=place, name="First Province", head=f'within = "{within}"')


def inner(need: str = "", **changes: Any) -> str:
    """A permission of a province, which leaves the licence to the nation."""
    head, _, needs = permitting(*([need] if need else []), **changes).partition("\n[[grant.require]]")
    return head + needs.partition('source = ["act"]')[2] + "\n"


def exempt(*needs: str, more: str = "") -> str:
    listed = ", ".join(f'"{need}"' for need in needs)
    return f'\n[[exempts]]\nneeds = [{listed}]\nsay = "Not here"\nsource = ["act"]\n{more}\n'


def both(inside: RuleSet, outside: RuleSet = NATION) -> RuleSet:
    return stacked([inside, outside])[inside.jurisdiction]


def days(first: str | None, last: str | None = None) -> SpanSet:
    start, end = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return SpanSet([day_span(start, end, SEATTLE)])


def spans(rules: RuleSet, *credentials: Credential, **changes: Any) -> SpanSet:
    return evaluate(rules, make_ask(everylands(), *credentials, **changes)).spans


def test_visit_is_lawful_under_each_set() -> None:
    rules = both(province(inner(PREMISES)))
    assert spans(rules, REGISTRATION, site_credentials=(APPROVAL,)) == days("2026-07-01", "2027-06-30")
    assert spans(rules, REGISTRATION) == NEVER
    assert spans(rules, site_credentials=(APPROVAL,)) == NEVER


def test_law_of_a_whole_that_only_has_parts_holds_for_no_site_by_itself() -> None:
    nation = written(permitting(REGISTERED), head="parts_only = true")
    eligibility = evaluate(nation, make_ask(everylands(), REGISTRATION))
    assert eligibility.spans == NEVER
    (reason,) = eligibility.reasons(DAY)
    assert (reason.rule, reason.grant, reason.true_from, reason.reviewed) == (
        "scope.unknown", None, None, nation.reviewed_on,
    )  # fmt: skip
    assert (reason.need, reason.have, reason.fix) == (
        "in Everyland the law of the part a site lies in holds as well",
        "the site is written XX, which names no part",
        (
            "Write the site's jurisdiction as the part of XX it lies in, and have the clinic's owner adopt the rule set"
            " of that part as well."
        ),
    )
    assert spans(both(province(inner()), nation), REGISTRATION) == days(None, "2027-06-30")


def test_no_needle_asks_for_no_part() -> None:
    nation = written(permitting(), head="parts_only = true")
    assert spans(nation, techniques=frozenset()) == ALWAYS


def test_set_without_a_grant_for_the_profession_leaves_it_outward() -> None:
    other = inner(PREMISES).replace("physical_therapist", "chiropractor")
    assert spans(both(province(other)), REGISTRATION) == days(None, "2027-06-30")


def test_set_with_a_grant_decides_for_all_days() -> None:
    rules = both(province(inner().replace('source = ["act"]', 'source = ["act"]\nfrom = 2026-01-01', 1)))
    assert spans(rules, REGISTRATION) == days("2026-01-01", "2027-06-30")
    (reason,) = evaluate(rules, make_ask(everylands(), REGISTRATION)).reasons(visit(date(2025, 1, 14)))
    assert (reason.rule, reason.grant, reason.true_from) == ("scope.none", None, date(2026, 1, 1))


def test_outermost_set_has_a_grant() -> None:
    rules = both(province(inner()), written(permitting().replace("physical_therapist", "chiropractor")))
    assert spans(rules) == NEVER
    assert [one.need for one in evaluate(rules, make_ask(everylands())).reasons(DAY)] == [
        "no rule of Everyland lets a physical therapist needle at that time"
    ]


def test_refusal_outward_or_inward_prevails() -> None:
    no = inner().replace('"permitted"', '"prohibited"') + 'say = "No"\n'
    assert spans(both(province(no)), REGISTRATION) == NEVER
    assert spans(both(province(inner()), written(no))) == NEVER


def test_exemption_drops_a_need_of_a_set_outward() -> None:
    assert spans(both(province(inner(), exempt("pt.need-1")))) == ALWAYS
    assert spans(both(province(exempt("pt.need-1")))) == ALWAYS
    assert spans(both(province(inner(REGISTERED), exempt("pt.need-1")))) == NEVER


def test_exemption_holds_on_its_days() -> None:
    rules = both(province(exempt("pt.need-1", more="from = 2026-03-01\nuntil = 2026-05-31")))
    assert spans(rules) == days("2026-03-01", "2026-05-31")
    twice = exempt("pt.need-1", more="until = 2026-05-31") + exempt("pt.need-1", more="from = 2026-06-01")
    assert spans(both(province(twice))) == ALWAYS
    assert spans(rules, REGISTRATION) == days(None, "2027-06-30")


def test_exemption_reaches_through_to_the_outermost() -> None:
    city = province(inner(), exempt("pt.need-1"), place="XX-1-A", within="XX-1")
    rules = stacked([city, province(inner(PREMISES, name="local")), NATION])["XX-1-A"]
    assert spans(rules) == NEVER
    assert spans(rules, site_credentials=(APPROVAL,)) == days("2026-07-01")


def test_exemption_reaches_a_part_of_a_group() -> None:
    part = '{ id = "reg", need = "credential", kind = "registration", say = "?" }'
    nation = written(permitting(f'all = [{part}, {{ id = "cpr", need = "credential", kind = "cpr", say = "?" }}]'))
    rules = both(province(exempt("pt.reg")), nation)
    assert (spans(rules), spans(rules, make_credential("cpr"))) == (NEVER, ALWAYS)


def test_licence_is_that_of_each_set_or_of_whom_it_names() -> None:
    own = both(province(permitting()), written(permitting()))
    assert spans(own) == NEVER
    assert spans(own, everylands(slug="local", jurisdiction="XX-1")) == ALWAYS
    national = permitting().replace('need = "licence"', 'need = "licence"\nissued_by = "XX"')
    assert spans(both(province(national), written(permitting()))) == ALWAYS


def test_reasons_and_leaves_tell_whose_rule_it_is() -> None:
    eligibility = evaluate(both(province(inner(PREMISES))), make_ask(everylands()))
    assert [(one.grant, one.rule) for one in eligibility.reasons(DAY)] == [("pt", "need-1"), ("XX:pt", "need-1")]
    assert [(leaf.grant, leaf.need, leaf.held) for leaf in eligibility.leaves(DAY)] == [
        ("pt", "scope.permitted", True),
        ("pt", "need-1", False),
        ("XX:pt", "scope.permitted", True),
        ("XX:pt", "licence", True),
        ("XX:pt", "need-1", False),
    ]


def test_owner_decides_of_a_grant_of_one_set() -> None:
    silent = inner().replace('"permitted"', '"silent"') + 'say = "?"\n'
    rules = both(province(silent), written(permitting()))
    here = OwnerDecision(
        jurisdiction="XX-1", grant="pt", decided_on=date(2026, 12, 1), decided_by="Olive Owner", basis="a letter"
    )
    assert (spans(rules), spans(rules, decisions=(here,))) == (NEVER, days("2026-12-01"))


def test_what_a_visit_awaits_is_asked_by_all_sets() -> None:
    paper = 'need = "document"\nkind = "{}"'
    rules = both(province(inner(paper.format("referral"))), written(permitting(paper.format("needling_consent"))))
    kinds = [getattr(one, "kind", None) for one in before_start(rules, make_ask(), DAY)]
    assert kinds == ["referral", "needling_consent"]
    relieved = both(province(exempt("pt.need-1")), written(permitting(paper.format("needling_consent"))))
    assert before_start(relieved, make_ask(), DAY) == ()


def test_set_whose_outer_one_is_missing_refuses_everybody() -> None:
    eligibility = evaluate(province(permitting()), make_ask(everylands(jurisdiction="XX-1")))
    assert eligibility.spans == NEVER
    (reason,) = eligibility.reasons(DAY)
    assert (reason.rule, reason.need, reason.have, reason.fix) == (
        "scope.unknown",
        "the law of XX holds in First Province as well",
        "no rule set of XX",
        "Load the rule set of XX as well and have the clinic's owner adopt it.",
    )


def test_set_that_lies_nowhere_else_stands_by_itself() -> None:
    assert stacked([NATION]) == {"XX": NATION}


ONE, TWO = province(inner(), place="XX-1", within="XX-2"), province(inner(), place="XX-2", within="XX-1")
FAULTS = [
    ([province(inner())], ["XX-1: it is within XX, of which there is no rule set"]),
    ([ONE, TWO], ["XX-1: it is within itself, by way of XX-2", "XX-2: it is within itself, by way of XX-1"]),
    (
        [ONE, TWO, province(inner(), place="XX-3", within="XX-1")],
        ["XX-1: it is within itself, by way of XX-2", "XX-2: it is within itself, by way of XX-1"],
    ),
    ([NATION, written(permitting())], ["XX: there are two such rule sets"]),
    ([NATION, province(exempt("pt.none"))], ["XX-1: exempts names no requirement of the sets outward: 'pt.none'"]),
    (
        [NATION, province(inner(PREMISES)), province(exempt("pt.need-1"), place="XX-1-A", within="XX-1")],
        ["XX-1-A: exempts names requirements of several sets outward: 'pt.need-1'"],
    ),
    ([NATION, province(exempt("pt.licence"))], ["XX-1: nothing exempts from a licence: 'pt.licence'"]),
]


@pytest.mark.parametrize(("sets", "faults"), FAULTS)
def test_faults_between_sets_are_named(sets: list[RuleSet], faults: list[str]) -> None:
    with pytest.raises(RulesInvalid) as refusal:
        stacked(sets)
    assert list(refusal.value.details["faults"]) == faults
