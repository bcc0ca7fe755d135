"""Each kind of need by itself: what meets it, and what comes close and does not."""

from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Credential, Suspension
from booking.domain.eligibility import evaluate
from booking.domain.rules import RuleSet, parse_rules
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, make_ask, make_credential

RULES = """
jurisdiction = "XX"
name = "Everyland"
version = "1"
confidence = "high"
reviewed_on = 2026-11-22
review_by = 2027-05-22
source = {{ act = {{ title = "The Act" }} }}

[[grant]]
id = "pt"
professions = ["physical_therapist"]
stance = "permitted"
source = ["act"]
{limit}

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]
{licence}

{need}
"""
START, LATER, DAY = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 14)
SINCE_START = SpanSet([day_span(START, None, SEATTLE)])
SINCE_LATER = SpanSet([day_span(LATER, None, SEATTLE)])


def rules(need: str = "", licence: str = "", limit: str = "") -> RuleSet:
    written = f'[[grant.require]]\nid = "need"\nsay = "?"\nsource = ["act"]\n{need}' if need else ""
    return parse_rules(RULES.format(need=written, licence=licence, limit=limit))


def licence(**changes: Any) -> Credential:
    return make_credential(**{"jurisdiction": "XX", "valid_from": START, **changes})


def training(slug: str = "a", **changes: Any) -> Credential:
    return make_credential("training", slug=slug, **changes)


def spans(asked: RuleSet, *credentials: Credential, **changes: Any) -> SpanSet:
    return evaluate(asked, make_ask(*credentials, **changes)).spans


LICENCES = [
    ("", {}, SINCE_START),
    ("", {"profession": None}, NEVER),
    ("", {"profession": "chiropractor"}, NEVER),
    ("", {"jurisdiction": None}, NEVER),
    ("", {"jurisdiction": "XX-1"}, NEVER),
    ("", {"kind": "registration"}, NEVER),
    ('issued_by = "YY"', {"jurisdiction": "YY"}, SINCE_START),
    ('issued_by = "YY"', {"jurisdiction": "XX"}, NEVER),
    ("", {"attributes": {"restricted": False}}, SINCE_START),
    ("", {"attributes": {"restricted": True}}, NEVER),
    ("", {"attributes": {"restricted": "supervised only"}}, NEVER),
    ("restricted_ok = true", {"attributes": {"restricted": True}}, SINCE_START),
    ("", {"attributes": {"register": "provisional"}}, SINCE_START),
    ('registers_excluded = ["provisional"]', {"attributes": {"register": "provisional"}}, NEVER),
    ('registers_excluded = ["provisional"]', {"attributes": {"register": "general"}}, SINCE_START),
    ('registers_excluded = ["provisional"]', {}, SINCE_START),
    # a day earned cuts off what lies before it, and one that is no date cuts off everything
    ("", {"attributes": {"earned": "2026-07-01"}}, SINCE_LATER),
    ("", {"attributes": {"earned": "2020-07-01"}}, SINCE_START),
    ("", {"attributes": {"earned": "July"}}, NEVER),
    # days that run backwards are no days
    ("", {"valid_until": date(2025, 12, 31)}, NEVER),
    ("", {"suspensions": (Suspension(first=LATER, last=START),)}, NEVER),
    # the last day of the calendar is no end
    ("", {"valid_until": date.max}, SINCE_START),
]


@pytest.mark.parametrize(("need", "changes", "expected"), LICENCES)
def test_licence(need: str, changes: dict[str, Any], expected: SpanSet) -> None:
    assert spans(rules(licence=need), licence(**changes)) == expected


PRIVILEGES = [
    ("compact = true", {}, {}, SINCE_START),
    ("", {}, {}, NEVER),
    ("compact = true", {"home": None}, {}, NEVER),
    ("compact = true", {"home": "ZZ"}, {}, NEVER),
    ("compact = true", {"jurisdiction": "YY"}, {}, NEVER),
    ("compact = true", {"profession": "chiropractor"}, {}, NEVER),
    ("compact = true", {"attributes": {"restricted": True}}, {}, NEVER),
    ("compact = true", {}, {"profession": "chiropractor"}, NEVER),
    ("compact = true", {}, {"kind": "registration"}, NEVER),
    ("compact = true", {}, {"attributes": {"restricted": True}}, NEVER),
    ("compact = true\nrestricted_ok = true", {}, {"attributes": {"restricted": True}}, SINCE_START),
    ("compact = true", {"valid_from": LATER}, {}, SINCE_LATER),
    ("compact = true", {}, {"valid_from": LATER}, SINCE_LATER),
    ("compact = true", {"valid_until": date(2026, 6, 30)}, {"valid_from": LATER}, NEVER),
]


@pytest.mark.parametrize(("need", "privilege", "home", "expected"), PRIVILEGES)
def test_compact_privilege(need: str, privilege: dict[str, Any], home: dict[str, Any], expected: SpanSet) -> None:
    away = make_credential("compact_privilege", **{"jurisdiction": "XX", "home": "YY", **privilege})
    assert spans(rules(licence=need), away, licence(**{"jurisdiction": "YY", **home})) == expected


ATTRIBUTES = [
    ("written_exam = true", {"written_exam": True}, True),
    ("written_exam = true", {"written_exam": False}, False),
    ("written_exam = true", {"written_exam": 1}, False),
    ("written_exam = true", {"written_exam": "true"}, False),
    ("written_exam = true", {}, False),
    ("level = 1", {"level": 1}, True),
    ("level = 1", {"level": True}, False),
    ('level = ["a", 2]', {"level": "a"}, True),
    ('level = ["a", 2]', {"level": 2}, True),
    ('level = ["a", 2]', {"level": "2"}, False),
    ("written_exam = true, level = 1", {"written_exam": True}, False),
    ("written_exam = true, level = 1", {"written_exam": True, "level": 1, "other": 5}, True),
    # training is in dry needling unless it says otherwise
    ("written_exam = true", {"written_exam": True, "subject": "dry_needling"}, True),
    ("written_exam = true", {"written_exam": True, "subject": "acupuncture"}, False),
    ('subject = "acupuncture"', {"subject": "acupuncture"}, True),
    ('subject = "acupuncture"', {}, False),
    ('subject = ["acupuncture", "dry_needling"]', {}, True),
]


@pytest.mark.parametrize(("where", "attributes", "met"), ATTRIBUTES)
def test_attributes(where: str, attributes: dict[str, bool | int | str], *, met: bool) -> None:
    asked = rules(f'need = "credential"\nkind = "training"\nwhere = {{ {where} }}')
    assert spans(asked, licence(), training(attributes=attributes)) == (SINCE_START if met else NEVER)


CREDENTIALS = [
    ({}, SINCE_START),
    ({"jurisdiction": "YY"}, NEVER),
    ({"jurisdiction": None}, NEVER),
    ({"kind": "registration"}, NEVER),
    ({"profession": "physical_therapist"}, SINCE_START),
    ({"profession": "chiropractor"}, NEVER),
    ({"valid_from": LATER}, SINCE_LATER),
    ({"attributes": {"subject": "acupuncture"}}, SINCE_START),  # only training has a subject
]


@pytest.mark.parametrize(("changes", "expected"), CREDENTIALS)
def test_credential_of_an_issuer(changes: dict[str, Any], expected: SpanSet) -> None:
    asked = rules('need = "credential"\nkind = "endorsement"\nissued_by = "XX"')
    endorsement = make_credential(**{"kind": "endorsement", "jurisdiction": "XX", **changes})
    assert spans(asked, licence(), endorsement) == expected


KNEE, HAND = frozenset({"knee"}), frozenset({"hand"})
COVERS = [
    # one cover for everything, one that reaches, one that does not, two that do together
    ([{}], KNEE | HAND, SINCE_START),
    ([{"regions": KNEE | HAND}], KNEE | HAND, SINCE_START),
    ([{"regions": KNEE}], KNEE | HAND, NEVER),
    ([{"regions": KNEE}, {"regions": HAND}], KNEE | HAND, SINCE_START),
    ([{"regions": KNEE}, {"regions": HAND, "valid_from": LATER}], KNEE | HAND, SINCE_LATER),
    ([{"regions": frozenset()}], KNEE, NEVER),
    ([], KNEE, NEVER),
    # a needle that may go anywhere needs cover for everything
    ([{"regions": KNEE}], frozenset(), NEVER),
    ([{}], frozenset(), SINCE_START),
    # the shoulder blade is over the lung
    ([{"regions": frozenset({"scapular"})}], frozenset({"scapular"}), NEVER),
    ([{"regions": frozenset({"scapular", "thorax"})}], frozenset({"scapular"}), SINCE_START),
    ([{"techniques": frozenset({"electro"})}], KNEE, NEVER),
    ([{"techniques": frozenset({"electro", "trigger_point"})}], KNEE, SINCE_START),
]


@pytest.mark.parametrize(("covers", "regions", "expected"), COVERS)
def test_cover(covers: list[dict[str, Any]], regions: frozenset[str], expected: SpanSet) -> None:
    asked = rules('need = "credential"\nkind = "indemnity"\ncovers = ["regions", "techniques"]')
    held = [make_credential("indemnity", slug=f"i{n}", **changes) for n, changes in enumerate(covers)]
    assert spans(asked, licence(), *held, regions=regions) == expected


def test_cover_is_asked_for_regions_only_where_the_rule_says_so() -> None:
    indemnity = make_credential("indemnity", regions=HAND, techniques=frozenset({"electro"}))
    assert spans(rules('need = "credential"\nkind = "indemnity"'), licence(), indemnity) == SINCE_START


SUMS = [
    ([49], NEVER),
    ([50], SINCE_START),
    ([25, 25], SINCE_START),
    ([25, 24], NEVER),
    ([60, -20], SINCE_START),
    ([True] * 50, NEVER),
    (["50"], NEVER),
    ([], NEVER),
]


@pytest.mark.parametrize(("amounts", "expected"), SUMS)
def test_total(amounts: list[bool | int | str], expected: SpanSet) -> None:
    courses = [training(f"t{n}", attributes={"hours_total": amount}) for n, amount in enumerate(amounts)]
    assert spans(rules('need = "total"\nof = "hours_total"\nat_least = 50'), licence(), *courses) == expected


DATED_SUMS = [
    # the last course that is needed sets the day; more of them change nothing
    ([{}, {"valid_from": LATER}], SINCE_LATER),
    ([{}, {"attributes": {"earned": "2026-07-01"}}], SINCE_LATER),
    ([{}, {"valid_from": LATER}, {"valid_from": DAY}], SINCE_LATER),
    ([{}, {}, {"valid_from": LATER}], SINCE_START),
    # what has ended or is suspended no longer counts
    ([{}, {"valid_until": date(2026, 6, 30)}], SpanSet([day_span(START, date(2026, 6, 30), SEATTLE)])),
    ([{}, {"valid_until": date(2026, 6, 30)}, {"valid_from": LATER}], SINCE_START),
    ([{}, {"suspensions": (Suspension(first=START, last=date(2026, 6, 30)),)}], SINCE_LATER),
    ([{}, {"kind": "degree"}], NEVER),
    ([{}, {"attributes": {"subject": "acupuncture"}}], NEVER),
]


@pytest.mark.parametrize(("courses", "expected"), DATED_SUMS)
def test_total_over_time(courses: list[dict[str, Any]], expected: SpanSet) -> None:
    held = []
    for number, changes in enumerate(courses):
        attributes = {"hours_total": 25, **changes.get("attributes", {})}
        held.append(make_credential(**{"kind": "training", "slug": f"t{number}", **changes, "attributes": attributes}))
    assert spans(rules('need = "total"\nof = "hours_total"\nat_least = 50'), licence(), *held) == expected


def since(day: date) -> SpanSet:
    return SpanSet([day_span(day, None, SEATTLE)])


YEARS = [
    ("years = 1", [{}], since(date(2027, 1, 1))),
    ("years = 2", [{}], since(date(2028, 1, 1))),
    ("years = 1", [{"attributes": {"earned": "2025-07-01"}}], since(LATER)),
    ("years = 1", [{"valid_from": date(2024, 2, 29)}], since(date(2025, 3, 1))),
    ("years = 3", [{"valid_from": date(2024, 2, 29)}], since(date(2027, 3, 1))),
    ("years = 4", [{"valid_from": date(2024, 2, 29)}], since(date(2028, 2, 29))),
    ("years = 9000", [{}], NEVER),
    # from the earliest, anywhere or here
    ("years = 1", [{}, {"jurisdiction": "YY", "valid_from": date(2025, 7, 1)}], since(LATER)),
    (
        'years = 1\nwhere_counted = "here"',
        [{}, {"jurisdiction": "YY", "valid_from": date(2025, 7, 1)}],
        since(date(2027, 1, 1)),
    ),
    # one that has ended has been practised on, one of another profession or not verified has not
    ("years = 1", [{}, {"valid_from": date(2020, 1, 1), "valid_until": date(2020, 6, 30)}], SINCE_START),
    ("years = 1", [{}, {"valid_from": date(2020, 1, 1), "profession": "chiropractor"}], since(date(2027, 1, 1))),
    ("years = 1", [{}, {"valid_from": date(2020, 1, 1), "verification": "pending"}], since(date(2027, 1, 1))),
    ("years = 1", [{}, {"valid_from": date(2020, 1, 1), "valid_until": date(2019, 1, 1)}], since(date(2027, 1, 1))),
    ("years = 1", [{}, {"valid_from": date(2020, 1, 1), "kind": "registration"}], since(date(2027, 1, 1))),
    ("years = 1", [{"valid_from": None}], NEVER),
]


@pytest.mark.parametrize(("need", "licences", "expected"), YEARS)
def test_practised(need: str, licences: list[dict[str, Any]], expected: SpanSet) -> None:
    held = [licence(slug=f"l{number}", **changes) for number, changes in enumerate(licences)]
    assert spans(rules(f'need = "practised"\n{need}'), *held) == expected


CPR = '{ id = "cpr", need = "credential", kind = "cpr", say = "CPR" }'
DEGREE = '{ id = "degree", need = "credential", kind = "degree", say = "A degree" }'
COMBINED = [
    (f"any = [{CPR}, {DEGREE}]", {}, NEVER),
    (f"any = [{CPR}, {DEGREE}]", {"cpr": {}}, SINCE_START),
    (f"any = [{CPR}, {DEGREE}]", {"degree": {}}, SINCE_START),
    # one takes over from the other
    (
        f"any = [{CPR}, {DEGREE}]",
        {"cpr": {"valid_until": date(2026, 6, 30)}, "degree": {"valid_from": LATER}},
        SINCE_START,
    ),
    (f"all = [{CPR}, {DEGREE}]", {"cpr": {}}, NEVER),
    (f"all = [{CPR}, {DEGREE}]", {"cpr": {}, "degree": {"valid_from": LATER}}, SINCE_LATER),
    (
        f"all = [{CPR}, {DEGREE}]",
        {"cpr": {"valid_until": date(2026, 6, 30)}, "degree": {"valid_from": LATER}},
        NEVER,
    ),
]


@pytest.mark.parametrize(("need", "held", "expected"), COMBINED)
def test_combinations(need: str, held: dict[str, dict[str, Any]], expected: SpanSet) -> None:
    others = [make_credential(kind, **changes) for kind, changes in held.items()]
    assert spans(rules(need), licence(), *others) == expected


def test_document_stands_in_nobody_s_way() -> None:
    asked = rules('need = "document"\nkind = "needling_consent"\nphase = "before_start"')
    assert spans(asked, licence()) == SINCE_START


LIMITS = [
    ('regions_only = ["knee"]', KNEE, {"electro"}, True),
    ('regions_only = ["knee"]', KNEE | HAND, {"electro"}, False),
    ('regions_only = ["knee"]', frozenset(), {"electro"}, False),
    ('regions_only = ["scapular"]', frozenset({"scapular"}), {"electro"}, False),  # over the lung
    ('regions_only = ["scapular", "thorax"]', frozenset({"scapular"}), {"electro"}, True),
    ('regions_never = ["thorax"]', KNEE, {"electro"}, True),
    ('regions_never = ["thorax"]', frozenset({"upper_trapezius"}), {"electro"}, False),
    ('regions_never = ["thorax"]', frozenset(), {"electro"}, False),
    ('techniques_only = ["trigger_point"]', KNEE, {"trigger_point"}, True),
    ('techniques_only = ["trigger_point"]', KNEE, {"trigger_point", "electro"}, False),
    ('techniques_never = ["electro"]', KNEE, {"trigger_point"}, True),
    ('techniques_never = ["electro"]', KNEE, {"trigger_point", "electro"}, False),
]


@pytest.mark.parametrize(("limit", "regions", "techniques", "within"), LIMITS)
def test_limits(limit: str, regions: frozenset[str], techniques: set[str], *, within: bool) -> None:
    found = spans(rules(limit=f"limit = {{ {limit} }}"), licence(), regions=regions, techniques=frozenset(techniques))
    assert found == (SINCE_START if within else NEVER)
