"""What depends on the visit: its site, its regions by their meaning here, its sides, its patient, what it awaits."""

from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Credential, Verification
from booking.domain.eligibility import before_start, evaluate
from booking.domain.rules import AllOf, AnyOf, Need
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, make_ask, make_credential, visit
from tests.domain.short_rules import everylands, permitting, reasons, written

DAY = visit(date(2027, 1, 14))
START = SpanSet([day_span(date(2026, 1, 1), None, SEATTLE)])
LICENCE = everylands(valid_from=date(2026, 1, 1))


def days(first: str | None, last: str | None = None) -> SpanSet:
    start, end = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return SpanSet([day_span(start, end, SEATTLE)])


def spans(need: str, *credentials: Credential, head: str = "", limit: str = "", **changes: Any) -> SpanSet:
    rules = written(permitting(*([need] if need else []), limit=limit), head=head)
    return evaluate(rules, make_ask(LICENCE, *credentials, **changes)).spans


# The site

PREMISES = 'need = "credential"\nkind = "premises_approval"\nholder = "site"\n'
NAMED = 'need = "credential"\nkind = "special_procedure_licence"\ncovers = ["site"]\n'


def names(sites: str | None, kind: str = "special_procedure_licence", **changes: Any) -> Credential:
    return make_credential(kind, attributes={} if sites is None else {"sites": sites}, **changes)


def test_site_holds_its_own_credentials() -> None:
    approval = make_credential("premises_approval")
    assert spans(PREMISES, site_credentials=(approval,)) == START
    assert spans(PREMISES, approval) == NEVER
    assert spans(PREMISES.replace("site", "practitioner"), approval) == START
    assert spans(PREMISES.replace("site", "practitioner"), site_credentials=(approval,)) == NEVER


NAMES = [("mill", True), ("dale mill", True), ("mills", False), ("dale", False), ("", False), (None, False)]


@pytest.mark.parametrize(("sites", "named"), NAMES)
def test_credential_names_the_site(sites: str | None, *, named: bool) -> None:
    assert spans(NAMED, names(sites), site="mill") == (START if named else NEVER)
    assert spans(NAMED, names(sites)) == NEVER


def test_each_site_may_be_named_by_another_credential() -> None:
    for_mill = names("mill", slug="a", valid_until=date(2026, 6, 30))
    for_dale = names("dale", slug="b")
    assert spans(NAMED, for_mill, for_dale, site="mill") == days("2026-01-01", "2026-06-30")


def test_reasons_tell_of_the_site() -> None:
    rules = written(permitting(PREMISES, NAMED))
    premises, named = reasons(rules, DAY, LICENCE, names("dale"), site="mill")
    assert (premises.have, premises.fix) == (
        "nothing on file for the site",
        "Record and verify the site's premises approval that this asks for, valid to the end of the visit.",
    )
    assert named.have == "special procedure licence special_procedure_licence does not name mill"


# How a credential stands at its issuer

APPLIED = 'accept_status = ["applied", "grace"]'
STATUSES = [
    ({}, "", True),
    ({"status": "active"}, "", True),
    ({"status": "applied"}, "", False),
    ({"status": "applied"}, APPLIED, True),
    ({"status": "grace"}, APPLIED, True),
    ({"status": "transitional"}, APPLIED, False),
    ({"status": "lapsed"}, APPLIED, False),
    ({"status": True}, APPLIED, False),
    ({"status": "active"}, APPLIED, True),
]


@pytest.mark.parametrize(("attributes", "accepted", "counts"), STATUSES)
def test_status(attributes: dict[str, Any], accepted: str, *, counts: bool) -> None:
    need = f'need = "credential"\nkind = "registration"\n{accepted}'
    assert spans(need, make_credential("registration", attributes=attributes)) == (START if counts else NEVER)


def test_status_is_accepted_to_the_end_of_a_day() -> None:
    need = f'need = "credential"\nkind = "registration"\n{APPLIED}\naccept_until = 2026-12-31'
    applied = make_credential("registration", attributes={"status": "applied"})
    assert spans(need, applied) == days("2026-01-01", "2026-12-31")
    assert spans(need, make_credential("registration")) == START
    (reason,) = reasons(written(permitting(need)), DAY, LICENCE, applied)
    assert reason.have == "registration registration counts as applied to 2026-12-31 only"


def test_status_that_nobody_accepts_is_told() -> None:
    need = 'need = "credential"\nkind = "registration"'
    (reason,) = reasons(
        written(permitting(need)), DAY, LICENCE, make_credential("registration", attributes={"status": "applied"})
    )
    assert reason.have == "registration registration has the status 'applied', which does not count"


def test_status_must_still_be_verified() -> None:
    pending = make_credential("registration", attributes={"status": "applied"}, verification=Verification.PENDING)
    assert spans(f'need = "credential"\nkind = "registration"\n{APPLIED}', pending) == NEVER


def test_home_licence_of_a_privilege_is_active() -> None:
    rules = written(permitting().replace('need = "licence"', f'need = "licence"\ncompact = true\n{APPLIED}'))
    away = make_credential("compact_privilege", jurisdiction="XX", home="YY")
    for status, expected in (("active", START), ("applied", NEVER)):
        home = everylands(jurisdiction="YY", valid_from=date(2026, 1, 1), attributes={"status": status})
        assert evaluate(rules, make_ask(away, home)).spans == expected


def test_licence_applied_for_starts_no_years() -> None:
    rules = written(permitting('need = "practised"\nyears = 1'))
    early = everylands(slug="early", valid_from=date(2020, 1, 1), attributes={"status": "applied"})
    assert evaluate(rules, make_ask(LICENCE, early)).spans == days("2027-01-01")


# What words for regions mean

DANISH = '[region_means]\nthorax = ["thorax", "scapular", "upper_trapezius", "supraclavicular", "neck_lateral"]\n'
COURSE = 'need = "credential"\nkind = "thorax_safety_course"\n'
MEANINGS = [
    # a need, a limit, where, how it is without the meaning and with it
    (f'{COURSE}when_regions = ["thorax"]', "", {"knee"}, START, START),
    (f'{COURSE}when_regions = ["thorax"]', "", {"thorax"}, NEVER, NEVER),
    (f'{COURSE}when_regions = ["thorax"]', "", {"scapular"}, NEVER, NEVER),
    (f'{COURSE}when_regions = ["thorax"]', "", {"supraclavicular"}, START, NEVER),
    (f'{COURSE}when_regions = ["thorax"]', "", {"knee", "neck_lateral"}, START, NEVER),
    (f'{COURSE}when_regions = ["thorax"]', "", set(), NEVER, NEVER),
    (f'{COURSE}when_regions = ["supraclavicular"]', "", {"thorax"}, START, START),
    ("", 'regions_never = ["thorax"]', {"supraclavicular"}, START, NEVER),
    ("", 'regions_only = ["thorax"]', {"supraclavicular"}, NEVER, START),
    ("", 'regions_only = ["thorax"]', {"scapular"}, NEVER, START),
    ("", 'regions_only = ["supraclavicular"]', {"supraclavicular"}, START, NEVER),
]


@pytest.mark.parametrize(("need", "limit", "regions", "plain", "meant"), MEANINGS)
def test_words_mean_what_they_do_here(need: str, limit: str, regions: set[str], plain: SpanSet, meant: SpanSet) -> None:
    assert spans(need, limit=limit, regions=frozenset(regions)) == plain
    assert spans(need, limit=limit, regions=frozenset(regions), head=DANISH) == meant


CHAIN = '[region_means]\nthorax = ["supraclavicular"]\nneck_lateral = ["thorax"]\n'


def test_one_word_leads_to_another() -> None:
    for regions in ({"supraclavicular"}, {"scapular"}, {"neck_lateral"}):
        assert spans("", limit='regions_never = ["neck_lateral"]', head=CHAIN, regions=frozenset(regions)) == NEVER
    assert spans("", limit='regions_never = ["neck_lateral"]', head=CHAIN, regions=frozenset({"shoulder"})) == START


COVERED = [({"thorax"}, START), ({"supraclavicular"}, NEVER), ({"supraclavicular", "thorax"}, START), (None, START)]


@pytest.mark.parametrize(("covered", "expected"), COVERED)
def test_cover_is_of_what_words_mean_here(covered: set[str] | None, expected: SpanSet) -> None:
    cover = make_credential("indemnity", regions=None if covered is None else frozenset(covered))
    need = 'need = "credential"\nkind = "indemnity"\ncovers = ["regions"]'
    assert spans(need, cover, regions=frozenset({"supraclavicular"}), head=DANISH) == expected


# What a need concerns

KNEE_AND_ELECTRO = f'{COURSE}when_regions = ["knee"]\nwhen_techniques = ["electro", "scar"]'
CONCERNS = [({"knee"}, {"electro"}, True), ({"knee"}, {"distal"}, False), ({"hand"}, {"scar"}, False)]


@pytest.mark.parametrize(("regions", "techniques", "asked"), CONCERNS)
def test_need_of_regions_and_techniques_concerns_visits_with_both(
    regions: set[str], techniques: set[str], *, asked: bool
) -> None:
    found = spans(KNEE_AND_ELECTRO, regions=frozenset(regions), techniques=frozenset(techniques))
    assert found == (NEVER if asked else START)


THORAX_PART = '{ id = "a", need = "credential", kind = "thorax_safety_course", say = "?", when_regions = ["thorax"] }'
CPR_PART = '{ id = "b", need = "credential", kind = "cpr", say = "?" }'
GROUPS = [("any", {"knee"}, True), ("any", {"thorax"}, True), ("all", {"knee"}, True), ("all", {"thorax"}, False)]


@pytest.mark.parametrize(("group", "regions", "met"), GROUPS)
def test_part_that_is_not_asked_is_no_part(group: str, regions: set[str], *, met: bool) -> None:
    need = f"{group} = [{THORAX_PART}, {CPR_PART}]"
    assert spans(need, make_credential("cpr"), regions=frozenset(regions)) == (START if met else NEVER)
    assert spans(need, regions=frozenset(regions)) == NEVER
    assert spans(f"{group} = [{THORAX_PART}]", regions=frozenset({"knee"})) == START


def test_need_that_is_not_asked_is_no_leaf() -> None:
    rules = written(permitting(f'{COURSE}when_regions = ["thorax"]'))
    assert [leaf.need for leaf in evaluate(rules, make_ask(LICENCE)).leaves(DAY)] == ["scope.permitted", "licence"]


# Limits of the visit

SIDES = [(set(), True), ({"left"}, True), ({"right"}, True), ({"left", "right"}, False)]


@pytest.mark.parametrize(("sides", "within"), SIDES)
def test_both_sides(sides: set[str], *, within: bool) -> None:
    limit = 'not_both_sides = ["thorax"]'
    found = spans("", limit=limit, regions=frozenset({"upper_trapezius"}), sides=frozenset(sides))
    assert found == (START if within else NEVER)
    assert spans("", limit=limit, sides=frozenset(sides)) == START


def test_side_that_nobody_knows_is_refused() -> None:
    (reason,) = reasons(written(permitting()), DAY, LICENCE, sides=frozenset({"front"}))
    assert (reason.rule, reason.have) == ("scope.unknown", "unknown: front")


def test_adjunct_is_not_given_alone() -> None:
    assert spans("", limit="adjunct_only = true") == NEVER
    assert spans("", limit="adjunct_only = true", adjunct=True) == START
    assert spans("", limit="adjunct_only = false") == START


def test_reasons_tell_of_sides_and_of_what_is_sold_alone() -> None:
    rules = written(permitting(limit='not_both_sides = ["thorax"]\nadjunct_only = true'))
    both = {"sides": frozenset({"left", "right"}), "regions": frozenset({"thorax"})}
    told = [(one.rule, one.need, one.have, one.fix) for one in reasons(rules, DAY, LICENCE, **both)]
    assert told == [
        (
            "limit.not_both_sides",
            "in Everyland a physical therapist may not needle both sides in one visit: thorax",
            "this visit is to both sides of thorax",
            "Treat one side of thorax in a visit, and the other in a later one.",
        ),
        (
            "limit.adjunct_only",
            "in Everyland a physical therapist may needle only as a part of another treatment",
            "this treatment is offered by itself",
            "Offer it only together with an assessment or another treatment.",
        ),
    ]


def test_limit_is_not_told_where_another_grant_reaches_the_treatment() -> None:
    rules = written(permitting(limit='regions_never = ["knee"]'), permitting(COURSE, name="pt-trained"))
    told = [(one.grant, one.rule) for one in reasons(rules, DAY, LICENCE)]
    assert told == [("pt-trained", "need-1")]


# The patient, and what the visit awaits

ADULT = 'need = "patient"\nmin_age = 16\nphase = "assign"'


def test_patient_grows_old_enough() -> None:
    assert spans(ADULT, patient_born=date(2010, 6, 1)) == days("2026-06-01")
    assert spans(ADULT, patient_born=date(2012, 2, 29)) == days("2028-02-29")
    assert spans(ADULT.replace("16", "17"), patient_born=date(2012, 2, 29)) == days("2029-03-01")
    assert spans(ADULT) == NEVER
    assert spans(ADULT.replace("assign", "before_start")) == START


def test_reason_tells_of_the_patient_s_age() -> None:
    rules = written(permitting(ADULT))
    (young,) = reasons(rules, DAY, LICENCE, patient_born=date(2012, 6, 1))
    assert (young.have, young.true_from) == ("the patient is younger than that", date(2028, 6, 1))
    (unknown,) = reasons(rules, DAY, LICENCE)
    assert unknown.have == "the patient's date of birth is not known"
    assert unknown.fix == "Make sure of the patient's date of birth, or choose a treatment without needles."


REFERRAL = 'need = "document"\nkind = "referral"'
GUARDIAN = 'need = "patient"\nmin_age = 12\nguardian_under = 18'
ORDER = """phase = "before_start"
any = [
  { id = "order", need = "document", kind = "medical_order", say = "?" },
  { id = "electro", need = "document", kind = "treatment_plan", say = "?", when_techniques = ["electro"] },
]"""
AWAITED = [
    ((REFERRAL, GUARDIAN, ADULT), {}, ["need-1", "need-2"]),
    ((f'{REFERRAL}\nwhen_regions = ["thorax"]',), {}, []),
    ((f'{REFERRAL}\nwhen_regions = ["thorax"]',), {"regions": frozenset({"scapular"})}, ["need-1"]),
    ((ORDER,), {}, ["need-1: order"]),
    ((ORDER,), {"techniques": frozenset({"electro"})}, ["need-1: order, electro"]),
    ((REFERRAL,), {"techniques": frozenset()}, []),
    ((REFERRAL,), {"profession": "chiropractor"}, []),
]


def parts_of(need: Need) -> str:
    return ", ".join(part.id for part in need.parts) if isinstance(need, AnyOf | AllOf) else ""


@pytest.mark.parametrize(("needs", "changes", "expected"), AWAITED)
def test_what_a_visit_awaits(needs: tuple[str, ...], changes: dict[str, Any], expected: list[str]) -> None:
    found = before_start(written(permitting(*needs)), make_ask(LICENCE, **changes), DAY)
    assert [": ".join(filter(None, [one.id, parts_of(one)])) for one in found] == expected


def test_what_a_visit_awaits_stands_in_nobody_s_way() -> None:
    assert evaluate(written(permitting(REFERRAL, GUARDIAN, ORDER)), make_ask(LICENCE)).spans == START
