"""The policy: who may needle what, where and when under the rule sets that come with the program."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility import Ask, before_start, evaluate
from booking.domain.rules import DocumentNeed, parse_rules
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import day_span
from booking.rules import shipped
from tests.domain.factories import SEATTLE, make_ask, make_credential, visit

RULES = {jurisdiction: parse_rules(text) for jurisdiction, text in shipped().items()}

PT, PTA, DC, AC, OT = (
    "physical_therapist",
    "physical_therapist_assistant",
    "chiropractor",
    "acupuncturist",
    "occupational_therapist",
)
TRAINED: dict[str, Any] = {"hands_on": True, "written_exam": True, "practical_exam": True}
WA_HOURS: dict[str, Any] = {"hours_total": 325, "hours_didactic": 100, "supervised_sessions": 150}


def licence(place: str, profession: str = PT, **changes: Any) -> Credential:
    dates: dict[str, Any] = {"valid_from": date(2020, 3, 1), "valid_until": date(2028, 12, 15)}
    return make_credential(jurisdiction=place, profession=profession, **{**dates, **changes})


def training(slug: str = "course", **attributes: Any) -> Credential:
    return make_credential("training", slug=slug, valid_from=date(2021, 5, 1), attributes=attributes)


def privilege(place: str, home: str | None, **changes: Any) -> Credential:
    return make_credential("compact_privilege", jurisdiction=place, home=home, **{"profession": PT, **changes})


ENDORSEMENT = make_credential("endorsement", jurisdiction="US-WA", valid_from=date(2024, 7, 1))

FILES: dict[str, tuple[Credential, ...]] = {
    "nobody's": (),
    "MT licence": (licence("US-MT"),),
    "MT licence, course": (licence("US-MT"), training(**TRAINED)),
    "MT licence, course without practical examination": (
        licence("US-MT"),
        training(hands_on=True, written_exam=True, practical_exam=False),
    ),
    "MT licence, course in acupuncture": (licence("US-MT"), training(**TRAINED, subject="acupuncture")),
    "MT licence, three courses with one part each": (
        licence("US-MT"),
        training("a", hands_on=True),
        training("b", written_exam=True),
        training("c", practical_exam=True),
    ),
    "MT licence not verified, course": (licence("US-MT", verification=Verification.PENDING), training(**TRAINED)),
    "MT licence with conditions, course": (licence("US-MT", attributes={"restricted": True}), training(**TRAINED)),
    "MT PTA licence, course": (licence("US-MT", PTA), training(**TRAINED)),
    "MT DC licence, course": (licence("US-MT", DC), training(hands_on=True)),
    "MT DC licence, course without hands-on work": (licence("US-MT", DC), training(written_exam=True)),
    "TX licence, course": (licence("US-TX"), training(**TRAINED)),
    "TX licence to 2027-01-31, MT privilege to 2027-06-30, course": (
        licence("US-TX", valid_until=date(2027, 1, 31)),
        privilege("US-MT", "US-TX", valid_until=date(2027, 6, 30)),
        training(**TRAINED),
    ),
    "MT privilege alone, course": (privilege("US-MT", "US-TX"), training(**TRAINED)),
    "MT privilege without home, TX licence, course": (
        privilege("US-MT", None),
        licence("US-TX"),
        training(**TRAINED),
    ),
    "TX licence with conditions, MT privilege, course": (
        licence("US-TX", attributes={"restricted": True}),
        privilege("US-MT", "US-TX"),
        training(**TRAINED),
    ),
    "TX DC licence, MT DC privilege, course": (
        licence("US-TX", DC),
        privilege("US-MT", "US-TX", profession=DC),
        training(hands_on=True),
    ),
    "MT licence suspended in March 2027, course": (
        licence("US-MT", suspensions=(Suspension(first=date(2027, 3, 1), last=date(2027, 3, 31)),)),
        training(**TRAINED),
    ),
    "MT licence to 2026-12-31 and from 2027-01-01, course": (
        licence("US-MT", valid_until=date(2026, 12, 31)),
        licence("US-MT", slug="renewal", valid_from=date(2027, 1, 1)),
        training(**TRAINED),
    ),
    "MT licence to 2026-12-31 and from 2027-01-02, course": (
        licence("US-MT", valid_until=date(2026, 12, 31)),
        licence("US-MT", slug="renewal", valid_from=date(2027, 1, 2)),
        training(**TRAINED),
    ),
    "WA licence": (licence("US-WA"),),
    "WA licence, endorsement": (licence("US-WA"), ENDORSEMENT),
    "WA licence, endorsement, 325 hours": (licence("US-WA"), ENDORSEMENT, training(**WA_HOURS)),
    "WA licence since 2026-03-01, endorsement, 325 hours": (
        licence("US-WA", valid_from=date(2026, 3, 1)),
        ENDORSEMENT,
        training(**WA_HOURS),
    ),
    "WA licence, OR endorsement, 325 hours": (
        licence("US-WA"),
        replace(ENDORSEMENT, jurisdiction="US-OR"),
        training(**WA_HOURS),
    ),
    "WA licence, endorsement, 200 and 124 hours": (
        licence("US-WA"),
        ENDORSEMENT,
        training("a", **{**WA_HOURS, "hours_total": 200}),
        training("b", hours_total=124),
    ),
    "WA licence, endorsement, 200 and 125 hours": (
        licence("US-WA"),
        ENDORSEMENT,
        training("a", **{**WA_HOURS, "hours_total": 200}),
        training("b", hours_total=125),
    ),
    "WA AC licence": (licence("US-WA", AC),),
    "CA licence, course": (licence("US-CA"), training(**TRAINED, **WA_HOURS)),
    "CA AC licence": (licence("US-CA", AC),),
    "OR licence, course": (licence("US-OR"), training(**TRAINED, **WA_HOURS)),
    "OR DC licence, course": (licence("US-OR", DC), training(hands_on=True)),
    "DEMO licence, course": (licence("DEMO"), training()),
    "DEMO licence": (licence("DEMO"),),
}

# Where, of which profession, with which file, on which day; then what stands in the way: nothing, or these rules.
POLICY = [
    # Montana: a licence, and training with hands-on work and both examinations
    ("US-MT", PT, "MT licence, course", "2027-01-14", ""),
    ("US-MT", PT, "nobody's", "2027-01-14", "licence training"),
    ("US-MT", PT, "MT licence", "2027-01-14", "training"),
    ("US-MT", PT, "MT licence, course without practical examination", "2027-01-14", "training"),
    ("US-MT", PT, "MT licence, course in acupuncture", "2027-01-14", "training"),
    ("US-MT", PT, "MT licence, three courses with one part each", "2027-01-14", "training"),
    ("US-MT", PT, "MT licence not verified, course", "2027-01-14", "licence"),
    ("US-MT", PT, "MT licence with conditions, course", "2027-01-14", "licence"),
    ("US-MT", PT, "TX licence, course", "2027-01-14", "licence"),
    # a licence is good for its own profession only
    ("US-MT", PT, "MT DC licence, course", "2027-01-14", "licence training"),
    ("US-MT", DC, "MT licence, course", "2027-01-14", "licence"),
    # the last day of a licence is included, the next is not
    ("US-MT", PT, "MT licence, course", "2028-12-15", ""),
    ("US-MT", PT, "MT licence, course", "2028-12-16", "licence"),
    ("US-MT", PT, "MT licence, course", "2020-03-01", "training"),
    ("US-MT", PT, "MT licence, course", "2020-02-29", "licence training"),
    # renewed in time is never interrupted, a day late is
    ("US-MT", PT, "MT licence to 2026-12-31 and from 2027-01-01, course", "2026-12-31", ""),
    ("US-MT", PT, "MT licence to 2026-12-31 and from 2027-01-01, course", "2027-01-01", ""),
    ("US-MT", PT, "MT licence to 2026-12-31 and from 2027-01-02, course", "2027-01-01", "licence"),
    ("US-MT", PT, "MT licence to 2026-12-31 and from 2027-01-02, course", "2027-01-02", ""),
    # a suspension is a hole
    ("US-MT", PT, "MT licence suspended in March 2027, course", "2027-02-28", ""),
    ("US-MT", PT, "MT licence suspended in March 2027, course", "2027-03-01", "licence"),
    ("US-MT", PT, "MT licence suspended in March 2027, course", "2027-03-31", "licence"),
    ("US-MT", PT, "MT licence suspended in March 2027, course", "2027-04-01", ""),
    # a compact privilege lasts as long as it does and its home licence too
    ("US-MT", PT, "TX licence to 2027-01-31, MT privilege to 2027-06-30, course", "2027-01-31", ""),
    ("US-MT", PT, "TX licence to 2027-01-31, MT privilege to 2027-06-30, course", "2027-02-01", "licence"),
    ("US-MT", PT, "MT privilege alone, course", "2027-01-14", "licence"),
    ("US-MT", PT, "MT privilege without home, TX licence, course", "2027-01-14", "licence"),
    ("US-MT", PT, "TX licence with conditions, MT privilege, course", "2027-01-14", "licence"),
    ("US-WA", PT, "TX licence to 2027-01-31, MT privilege to 2027-06-30, course", "2027-01-14",
     "licence endorsement hours hours.didactic sessions"),
    # chiropractors: since 26 September 2020, and no compact
    ("US-MT", DC, "MT DC licence, course", "2027-01-14", ""),
    ("US-MT", DC, "MT DC licence, course", "2020-09-26", "training"),
    ("US-MT", DC, "MT DC licence, course", "2020-09-25", "scope.none"),
    ("US-MT", DC, "MT DC licence, course without hands-on work", "2027-01-14", "training"),
    ("US-MT", DC, "TX DC licence, MT DC privilege, course", "2027-01-14", "licence"),
    # never an assistant, and nobody the rules do not name
    ("US-MT", PTA, "MT PTA licence, course", "2027-01-14", "scope.prohibited"),
    ("US-MT", OT, "MT licence, course", "2027-01-14", "scope.none"),
    # Washington: prohibited until 21 June 2024, then an endorsement and what it rests on
    ("US-WA", PT, "WA licence, endorsement, 325 hours", "2024-06-21", "scope.prohibited"),
    ("US-WA", PT, "WA licence, endorsement, 325 hours", "2024-06-22", "endorsement"),
    ("US-WA", PT, "WA licence, endorsement, 325 hours", "2024-07-01", ""),
    ("US-WA", PT, "WA licence, endorsement", "2027-01-14", "hours hours.didactic sessions"),
    ("US-WA", PT, "WA licence, OR endorsement, 325 hours", "2027-01-14", "endorsement"),
    ("US-WA", PT, "WA licence, endorsement, 200 and 124 hours", "2027-01-14", "hours"),
    ("US-WA", PT, "WA licence, endorsement, 200 and 125 hours", "2027-01-14", ""),
    ("US-WA", PT, "WA licence since 2026-03-01, endorsement, 325 hours", "2027-02-28", "tenure"),
    ("US-WA", PT, "WA licence since 2026-03-01, endorsement, 325 hours", "2027-03-01", ""),
    ("US-WA", PT, "nobody's", "2027-01-14", "licence endorsement tenure hours hours.didactic sessions"),
    ("US-WA", AC, "WA AC licence", "2019-01-14", "licence"),
    ("US-WA", AC, "WA AC licence", "2022-01-14", ""),
    ("US-WA", AC, "WA licence", "2027-01-14", "licence"),
    # California: no training helps a physical therapist; Oregon: the law is not enough, even after the day hoped for
    ("US-CA", PT, "CA licence, course", "2027-01-14", "scope.prohibited"),
    ("US-CA", AC, "CA AC licence", "2027-01-14", ""),
    ("US-OR", PT, "OR licence, course", "2027-01-14", "scope.pending"),
    ("US-OR", PT, "OR licence, course", "2028-01-14", "scope.pending"),
    ("US-OR", DC, "OR DC licence, course", "2027-01-14", "scope.prohibited"),
    ("US-OR", AC, "WA AC licence", "2027-01-14", "scope.none"),
    # the demonstration
    ("DEMO", PT, "DEMO licence, course", "2027-01-14", ""),
    ("DEMO", PT, "DEMO licence", "2027-01-14", "training"),
    ("DEMO", PT, "MT licence, course", "2027-01-14", "licence"),
    # no rules, no needling
    ("US-ID", PT, "MT licence, course", "2027-01-14", "scope.unknown"),
]  # fmt: skip


def ask_of(profession: str, file: str) -> Ask:
    return make_ask(*FILES[file], profession=profession)


@pytest.mark.parametrize(("place", "profession", "file", "day", "expected"), POLICY)
def test_policy(place: str, profession: str, file: str, day: str, expected: str) -> None:
    asked = visit(date.fromisoformat(day))
    eligibility = evaluate(RULES.get(place), ask_of(profession, file))
    assert " ".join(reason.rule for reason in eligibility.reasons(asked)) == expected
    assert eligibility.spans.covers(asked) is (expected == "")


# A treatment at a place, given by somebody who may there, and what goes beyond the limits.
LIMITS = [
    ("US-WA", "WA licence, endorsement, 325 hours", {"trigger_point"}, ""),
    ("US-WA", "WA licence, endorsement, 325 hours", {"trigger_point", "distal"}, "limit.techniques_never"),
    ("US-WA", "WA licence, endorsement, 325 hours", {"auricular"}, "limit.techniques_never"),
    ("US-WA", "WA licence, endorsement, 325 hours", {"retention_without_stimulation"}, "limit.techniques_never"),
    ("US-WA", "WA licence, endorsement, 325 hours", {"retention"}, ""),
    ("US-MT", "MT licence, course", {"distal"}, ""),
    ("US-WA", "WA licence, endorsement", {"distal"}, "limit.techniques_never hours hours.didactic sessions"),
    ("US-CA", "CA licence, course", {"distal"}, "scope.prohibited"),
]


@pytest.mark.parametrize(("place", "file", "techniques", "expected"), LIMITS)
def test_limits_of_techniques(place: str, file: str, techniques: set[str], expected: str) -> None:
    ask = replace(ask_of(PT, file), techniques=frozenset(techniques))
    reasons = evaluate(RULES[place], ask).reasons(visit(date(2027, 1, 14)))
    assert " ".join(reason.rule for reason in reasons) == expected


def test_eligible_time_ends_where_the_licence_does() -> None:
    eligibility = evaluate(RULES["US-MT"], ask_of(PT, "MT licence, course"))
    assert eligibility.spans == SpanSet([day_span(date(2021, 5, 1), date(2028, 12, 15), SEATTLE)])


def test_refusal_prevails_over_a_permission_at_the_same_time() -> None:
    montana = RULES["US-MT"]
    # Text like this is refused when it is read; a rule set that was made otherwise is judged all the same.
    no = replace(
        montana.grants[1], id="no", professions=frozenset({PT}), first=date(2027, 1, 1), last=date(2027, 1, 31)
    )
    eligibility = evaluate(replace(montana, grants=(*montana.grants, no)), ask_of(PT, "MT licence, course"))
    assert eligibility.reasons(visit(date(2026, 12, 31))) == ()
    assert [reason.rule for reason in eligibility.reasons(visit(date(2027, 1, 14)))] == ["scope.prohibited"]


def test_law_that_changes_at_midnight_splits_no_visit_that_is_lawful_on_both_sides() -> None:
    eligibility = evaluate(RULES["US-WA"], ask_of(PT, "WA licence, endorsement, 325 hours"))
    assert eligibility.spans.covers(visit(date(2026, 12, 31), hour=23, minutes=90))
    late = visit(date(2024, 6, 21), hour=23, minutes=90)
    assert [reason.rule for reason in eligibility.reasons(late)] == ["scope.prohibited", "endorsement"]


def test_visit_that_outlasts_the_licence_by_a_minute_is_refused() -> None:
    eligibility = evaluate(RULES["US-MT"], ask_of(PT, "MT licence, course"))
    last = visit(date(2028, 12, 15), hour=23, minutes=60)
    assert eligibility.reasons(last) == ()
    longer = last.padded(timedelta(), timedelta(minutes=1))
    assert [(one.rule, one.have) for one in eligibility.reasons(longer)] == [
        ("licence", "licence PT-1234, US-MT, ends 2028-12-15")
    ]


@pytest.mark.parametrize("place", [*RULES, "US-ID"])
@pytest.mark.parametrize("regions", [frozenset(), frozenset({"thorax"})])
def test_treatment_without_needles_is_anyone_s(place: str, regions: frozenset[str]) -> None:
    ask = make_ask(profession=OT, techniques=frozenset(), regions=regions)
    eligibility = evaluate(RULES.get(place), ask)
    asked = visit(date(2027, 1, 14))
    assert (eligibility.spans, eligibility.reasons(asked), eligibility.leaves(asked)) == (ALWAYS, (), ())
    assert before_start(RULES.get(place), ask, asked) == ()


def test_words_no_rule_can_know_are_refused() -> None:
    ask = replace(ask_of(PT, "MT licence, course"), regions=frozenset({"knee", "nee"}), techniques=frozenset({"laser"}))
    eligibility = evaluate(RULES["US-MT"], ask)
    assert eligibility.spans == NEVER
    assert [(one.rule, one.have) for one in eligibility.reasons(visit(date(2027, 1, 14)))] == [
        ("scope.unknown", "unknown: laser, nee")
    ]


CONSENTS = [
    ("US-WA", PT, "2027-01-14", ["consent"]),
    ("US-WA", PT, "2024-06-21", []),
    ("US-WA", AC, "2027-01-14", []),
    ("US-CA", PT, "2027-01-14", []),
    ("DEMO", PT, "2027-01-14", ["consent"]),
    ("US-ID", PT, "2027-01-14", []),
]


@pytest.mark.parametrize(("place", "profession", "day", "expected"), CONSENTS)
def test_documents_are_listed_and_do_not_stand_in_the_way(
    place: str, profession: str, day: str, expected: list[str]
) -> None:
    asked = visit(date.fromisoformat(day))
    found = before_start(RULES.get(place), make_ask(profession=profession), asked)
    papers = [(one.id, one.kind) for one in found if isinstance(one, DocumentNeed)]
    assert (papers, len(found)) == ([(one, "needling_consent") for one in expected], len(expected))
