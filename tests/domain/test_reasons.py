"""What a refusal says, and what a decision writes down."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility import Eligibility, Leaf, Reason, evaluate
from booking.domain.rules import parse_rules
from booking.rules import shipped
from tests.domain.everyland import INVENTED
from tests.domain.factories import make_ask, make_credential, visit

RULES = {jurisdiction: parse_rules(text) for jurisdiction, text in shipped().items()}
EVERYLAND = parse_rules(INVENTED)
PENDING = Verification.PENDING


def licence(**changes: Any) -> Credential:
    dates = {"valid_from": date(2020, 1, 1), "valid_until": date(2026, 12, 15)}
    return make_credential(**{"jurisdiction": "US-MT", **dates, **changes})


def course(slug: str = "mti", **changes: Any) -> Credential:
    whole = {"hands_on": True, "written_exam": True, "practical_exam": True}
    return make_credential("training", slug=slug, **{"attributes": whole, **changes})


def in_montana(*credentials: Credential) -> Eligibility:
    return evaluate(RULES["US-MT"], make_ask(*credentials))


def test_reason_says_everything_there_is_to_say() -> None:
    renewed = licence(slug="renewal", number="PT-99", valid_from=date(2027, 2, 1), valid_until=None)
    assert in_montana(licence(), renewed, course()).reasons(visit(date(2027, 1, 14))) == (
        Reason(
            rule="licence",
            grant="pt",
            need="A Montana licence or compact privilege in force for the whole appointment",
            have="licence PT-1234, US-MT, ended 2026-12-15; licence PT-99, US-MT, starts 2027-02-01",
            true_from=date(2027, 2, 1),
            fix="Record and verify a licence of US-MT or a compact privilege with its home licence that lasts to the"
            " end of the visit, or choose a day from 2027-02-01 on.",
            source="ARM 24.177.413 (Board of Physical Therapy Examiners, adopted by MAR 24-177-33, 2016)",
            reviewed=date(2026, 11, 22),
            confidence="high",
        ),
    )


def test_reason_is_ready_for_json() -> None:
    (reason,) = in_montana(course(), licence(valid_from=date(2027, 2, 1), valid_until=None)).reasons(
        visit(date(2027, 1, 14))
    )
    data = reason.as_data()
    assert json.loads(json.dumps(data)) == data
    assert list(data) == [field.name for field in fields(Reason)]
    assert (data["true_from"], data["reviewed"], data["grant"]) == ("2027-02-01", "2026-11-22", "pt")
    (unknown,) = evaluate(None, make_ask()).reasons(visit(date(2027, 1, 14)))
    assert (unknown.as_data()["true_from"], unknown.as_data()["grant"]) == (None, None)


# What is on file for Montana's licence and training on 14 January 2027, what is said of it, and when it will do.
ON_FILE = [
    ([], "nothing on file", None),
    ([licence()], "licence PT-1234, US-MT, ended 2026-12-15", None),
    ([licence(valid_until=date(2027, 1, 14), verification=PENDING)], "licence PT-1234, US-MT, not verified yet", None),
    (
        [licence(verification=Verification.REJECTED)],
        "licence PT-1234, US-MT, was rejected when it was checked and ended 2026-12-15",
        None,
    ),
    ([licence(jurisdiction="US-ID")], "licence PT-1234, US-ID, is not of US-MT and ended 2026-12-15", None),
    (
        [licence(profession="chiropractor", valid_until=None)],
        "licence PT-1234, US-MT, is not for a physical therapist",
        None,
    ),
    (
        [licence(valid_until=None, attributes={"restricted": True})],
        "licence PT-1234, US-MT, is restricted by conditions",
        None,
    ),
    (
        [licence(valid_until=None, suspensions=(Suspension(first=date(2027, 1, 10), last=date(2027, 1, 20)),))],
        "licence PT-1234, US-MT, suspended from 2027-01-10 to 2027-01-20",
        date(2027, 1, 21),
    ),
    (
        [licence(valid_until=None, suspensions=(Suspension(first=date(2027, 1, 14)),))],
        "licence PT-1234, US-MT, suspended since 2027-01-14",
        None,
    ),
    ([licence(valid_until=date(2019, 1, 1))], "licence PT-1234, US-MT, has dates that run backwards", None),
    # the one that fits is told, not what is on file besides
    ([licence(), licence(slug="b", jurisdiction="US-ID")], "licence PT-1234, US-MT, ended 2026-12-15", None),
    # compact privileges
    (
        [make_credential("compact_privilege", number="CP-1", jurisdiction="US-MT", home="US-TX")],
        "compact privilege CP-1, US-MT, rests on a home licence of US-TX that is not on file",
        None,
    ),
    (
        [make_credential("compact_privilege", number="CP-1", jurisdiction="US-MT")],
        "compact privilege CP-1, US-MT, names no home licence",
        None,
    ),
    (
        [make_credential("compact_privilege", number="CP-1", jurisdiction="US-ID", home="US-TX")],
        "compact privilege CP-1, US-ID, is not of US-MT",
        None,
    ),
    (
        [
            make_credential("compact_privilege", number="CP-1", jurisdiction="US-MT", home="US-TX"),
            licence(jurisdiction="US-TX", number="T-7"),
        ],
        "compact privilege CP-1, US-MT, rests on licence T-7, US-TX, ended 2026-12-15",
        None,
    ),
]


@pytest.mark.parametrize(("file", "have", "true_from"), ON_FILE)
def test_reason_tells_what_is_on_file(file: list[Credential], have: str, true_from: date | None) -> None:
    (reason,) = in_montana(*file, course()).reasons(visit(date(2027, 1, 14)))
    assert (reason.rule, reason.have, reason.true_from) == ("licence", have, true_from)


COURSES = [
    ([], "nothing on file", None),
    ([course(verification=PENDING)], "training mti not verified yet", None),
    ([course(attributes={"hands_on": True})], "training mti does not show written exam, practical exam", None),
    (
        [course(attributes={**course().attributes, "subject": "acupuncture"})],
        "training mti is not in dry needling",
        None,
    ),
    (
        [course(attributes={**course().attributes, "earned": "2027-03-01"})],
        "training mti is earned on 2027-03-01",
        date(2027, 3, 1),
    ),
    (
        [course(attributes={**course().attributes, "earned": "last year"})],
        "training mti was earned on no date: 'last year'",
        None,
    ),
]


@pytest.mark.parametrize(("file", "have", "true_from"), COURSES)
def test_reason_tells_of_training(file: list[Credential], have: str, true_from: date | None) -> None:
    (reason,) = in_montana(licence(valid_until=None), *file).reasons(visit(date(2027, 1, 14)))
    assert (reason.rule, reason.have, reason.true_from) == ("training", have, true_from)


RECORD_TRAINING = "Record and verify the training that this asks for, valid to the end of the visit"
FIXES = [
    ([course(verification=PENDING)], "Verify training mti."),
    ([course(verification=PENDING, valid_from=date(2027, 3, 1))], f"{RECORD_TRAINING}."),
    ([], f"{RECORD_TRAINING}."),
    ([course(valid_from=date(2027, 3, 1))], f"{RECORD_TRAINING}, or choose a day from 2027-03-01 on."),
]


@pytest.mark.parametrize(("file", "fix"), FIXES)
def test_reason_tells_what_to_do(file: list[Credential], fix: str) -> None:
    (reason,) = in_montana(licence(valid_until=None), *file).reasons(visit(date(2027, 1, 14)))
    assert reason.fix == fix


def washington(*credentials: Credential) -> dict[str, tuple[str, date | None]]:
    reasons = evaluate(RULES["US-WA"], make_ask(*credentials)).reasons(visit(date(2027, 1, 14)))
    return {reason.rule: (reason.have, reason.true_from) for reason in reasons}


def test_sum_is_told_with_what_is_not_counted_and_when_it_is_reached() -> None:
    told = washington(
        course("first", attributes={"hours_total": 200}),
        course("second", attributes={"hours_total": 100}, valid_from=date(2027, 2, 1)),
        course("third", attributes={"hours_total": 25, "earned": "2027-04-01"}),
        course("fourth", attributes={"hours_total": 500}, verification=PENDING),
    )
    assert told["hours"] == (
        (
            "200 of 325 hours total; training second starts 2027-02-01; training third is earned on 2027-04-01;"
            " training fourth not verified yet"
        ),
        date(2027, 4, 1),
    )
    assert washington()["hours"] == ("nothing on file", None)


YEARS = [
    ({"valid_from": date(2026, 3, 1)}, "licence PT-1234, US-MT, since 2026-03-01", date(2027, 3, 1)),
    (
        {"valid_from": date(2026, 9, 1), "attributes": {"earned": "2026-02-28"}},
        "licence PT-1234, US-MT, since 2026-02-28",
        date(2027, 2, 28),
    ),
    ({"valid_from": None}, "licence PT-1234, US-MT, has no start date", None),
    ({"verification": PENDING}, "licence PT-1234, US-MT, not verified yet", None),
    ({"valid_until": date(2019, 1, 1)}, "licence PT-1234, US-MT, has dates that run backwards", None),
    ({"profession": "chiropractor"}, "licence PT-1234, US-MT, is not for a physical therapist", None),
]


@pytest.mark.parametrize(("changes", "have", "true_from"), YEARS)
def test_years_are_told_from_the_first_licence(changes: dict[str, Any], have: str, true_from: date | None) -> None:
    assert washington(licence(**changes))["tenure"] == (have, true_from)


def test_leap_day_comes_again_on_the_first_of_march() -> None:
    leap = licence(valid_from=date(2026, 3, 1), attributes={"earned": "2024-02-29"})
    rules = parse_rules(INVENTED.replace("years = 2", "years = 3"))
    reasons = evaluate(rules, make_ask(leap)).reasons(visit(date(2027, 2, 28)))
    assert [one.true_from for one in reasons if one.rule == "years"] == [date(2027, 3, 1)]


SCOPES = [
    (
        "US-CA",
        "physical_therapist",
        "scope.prohibited",
        "pt",
        "California does not let physical therapists break the skin with needles to treat; no training changes that",
        "a physical therapist",
        None,
    ),
    (
        "US-OR",
        "physical_therapist",
        "scope.pending",
        "pt",
        "Oregon passed the law in August 2025, but needling may start only once the board's rules are in force",
        "a physical therapist; expected 2027-07-01",
        None,
    ),
    (
        "US-OR",
        "occupational_therapist",
        "scope.none",
        None,
        "no rule of Oregon, United States lets an occupational therapist needle at that time",
        "an occupational therapist; the rules name chiropractor, physical therapist",
        None,
    ),
    ("US-ID", "physical_therapist", "scope.unknown", None, "no rules are loaded for this site", "no rule set", None),
]


@pytest.mark.parametrize(("place", "profession", "rule", "grant", "need", "have", "true_from"), SCOPES)
def test_refusal_by_profession_tells_the_law(
    place: str, profession: str, rule: str, grant: str | None, need: str, have: str, true_from: date | None
) -> None:
    (reason,) = evaluate(RULES.get(place), make_ask(profession=profession)).reasons(visit(date(2027, 1, 14)))
    found = (reason.rule, reason.grant, reason.need, reason.have, reason.true_from)
    assert found == (rule, grant, need, have, true_from)


def test_refusal_by_law_tells_the_day_the_law_changes() -> None:
    (before,) = evaluate(RULES["US-WA"], make_ask()).reasons(visit(date(2024, 6, 1)))
    assert (before.rule, before.true_from) == ("scope.prohibited", date(2024, 6, 22))
    (early,) = evaluate(RULES["US-MT"], make_ask(profession="chiropractor")).reasons(visit(date(2020, 1, 1)))
    assert (early.rule, early.true_from) == ("scope.none", date(2020, 9, 26))


def test_refusal_by_law_tells_only_of_a_permission_whose_limit_is_kept() -> None:
    reason = evaluate(EVERYLAND, make_ask(techniques=frozenset({"electro"}))).reasons(visit(date(2024, 1, 14)))[0]
    assert (reason.rule, reason.true_from) == ("scope.prohibited", date(2026, 1, 1))
    reason = evaluate(EVERYLAND, make_ask()).reasons(visit(date(2024, 1, 14)))[0]
    assert (reason.rule, reason.true_from) == ("scope.prohibited", date(2024, 4, 1))


def test_need_is_judged_only_while_its_permission_lasts() -> None:
    first_day = date(2020, 9, 26)
    held = licence(profession="chiropractor", valid_from=first_day)
    late = visit(date(2020, 9, 25), hour=23, minutes=90)

    def told(*credentials: Credential) -> list[tuple[str, date | None]]:
        reasons = evaluate(RULES["US-MT"], make_ask(*credentials, profession="chiropractor")).reasons(late)
        return [(one.rule, one.true_from) for one in reasons]

    assert told(held, course()) == [("scope.none", first_day)]
    assert told(held) == [("training", None), ("scope.none", first_day)]


def test_visit_that_ends_at_midnight_needs_nothing_of_the_next_day() -> None:
    until_midnight = visit(date(2026, 12, 15), hour=23, minutes=60)
    (reason,) = in_montana(licence(verification=PENDING), course()).reasons(until_midnight)
    assert (reason.have, reason.fix) == ("licence PT-1234, US-MT, not verified yet", "Verify licence PT-1234, US-MT.")


LIMITS = [
    ({"electro"}, {"knee"}, "limit.techniques_never", "electro"),
    ({"trigger_point"}, {"head_face"}, "limit.regions_never", "head face"),
]


@pytest.mark.parametrize(("techniques", "regions", "rule", "beyond"), LIMITS)
def test_limit_is_told_in_words(techniques: set[str], regions: set[str], rule: str, beyond: str) -> None:
    ask = make_ask(techniques=frozenset(techniques), regions=frozenset(regions))
    reason = evaluate(EVERYLAND, ask).reasons(visit(date(2025, 1, 14)))[0]
    assert (reason.rule, reason.need, reason.have) == (
        rule,
        f"in Everyland a physical therapist may never needle: {beyond}",
        f"this treatment reaches {beyond}",
    )


def test_limit_speaks_its_own_sentence_when_it_has_one() -> None:
    ask = make_ask(regions=frozenset({"scapular"}))
    reason = evaluate(EVERYLAND, ask).reasons(visit(date(2027, 1, 14)))[0]
    found = (reason.rule, reason.need, reason.have)
    assert found == ("limit.regions_only", "Only knee and shoulder girdle", "this treatment reaches scapular, thorax")


def test_needles_without_a_region_may_reach_any() -> None:
    reason = evaluate(EVERYLAND, make_ask(regions=frozenset())).reasons(visit(date(2025, 1, 14)))[0]
    assert (reason.rule, reason.have) == (
        "limit.regions_never",
        "this treatment names no regions, so it may reach head face",
    )


COVER = [
    ({"regions": frozenset({"knee"})}, {"knee"}, None),
    ({"regions": frozenset({"knee"})}, {"knee", "lumbar"}, "indemnity knees does not extend to lumbar"),
    # a needle in the upper trapezius is over the lung
    ({"regions": frozenset({"upper_trapezius"})}, {"upper_trapezius"}, "indemnity knees does not extend to thorax"),
    ({"regions": frozenset({"upper_trapezius", "thorax"})}, {"upper_trapezius"}, None),
    ({"techniques": frozenset({"electro"})}, {"knee"}, "indemnity knees does not extend to trigger point"),
    ({}, {"knee", "lumbar"}, None),
]


@pytest.mark.parametrize(("cover", "regions", "have"), COVER)
def test_cover_must_reach_every_region(cover: dict[str, Any], regions: set[str], have: str | None) -> None:
    ask = make_ask(make_credential("indemnity", slug="knees", **cover), regions=frozenset(regions))
    reasons = evaluate(EVERYLAND, ask).reasons(visit(date(2025, 1, 14)))
    assert [reason.have for reason in reasons if reason.rule == "cover"] == ([have] if have else [])


def test_alternatives_are_told_as_one() -> None:
    ask = make_ask(course(attributes={"hours_total": 20, "in_person": True}))
    reasons = {one.rule: one for one in evaluate(EVERYLAND, ask).reasons(visit(date(2025, 1, 14)))}
    assert list(reasons) == ["licence", "cover", "either"]
    assert reasons["either"].need == "50 hours in person, or a year of practice here and 25 sessions"
    assert (
        reasons["either"].have
        == "hours: 20 of 50 hours total; both: years: nothing on file; sessions: 0 of 25 supervised sessions"
    )
    assert reasons["either"].source == "The Board"


def test_leaves_tell_how_every_part_stood_and_on_what_it_rested() -> None:
    held = licence(valid_until=None)
    mti = course()
    eligibility = in_montana(held, mti, licence(slug="old", valid_until=date(2021, 1, 1)))
    assert eligibility.leaves(visit(date(2027, 1, 14))) == (
        Leaf(grant="pt", need="scope.permitted", held=True),
        Leaf(grant="pt", need="licence", held=True, credential_ids=(held.id,)),
        Leaf(grant="pt", need="training", held=True, credential_ids=(mti.id,)),
    )


def test_leaves_of_a_privilege_name_its_home_licence() -> None:
    privilege = make_credential("compact_privilege", jurisdiction="US-MT", home="US-TX")
    home = licence(jurisdiction="US-TX", valid_until=None)
    (_, leaf, _) = in_montana(privilege, home).leaves(visit(date(2027, 1, 14)))
    assert (leaf.need, leaf.held, leaf.credential_ids) == ("licence", True, (privilege.id, home.id))


def test_leaf_held_only_if_it_held_all_through() -> None:
    ended = licence()
    over_midnight = visit(date(2026, 12, 15), hour=23, minutes=90)
    (_, leaf, _) = in_montana(ended, course()).leaves(over_midnight)
    assert leaf == Leaf(grant="pt", need="licence", held=False, credential_ids=(ended.id,))


def test_leaves_of_a_refusal_agree_with_its_reasons() -> None:
    for place in [*RULES, "US-ID"]:
        for profession in ("physical_therapist", "chiropractor", "podiatrist"):
            eligibility = evaluate(RULES.get(place), make_ask(course(), profession=profession))
            span = visit(date(2027, 1, 14))
            if eligibility.spans.covers(span):
                continue  # allowed by one grant, whatever fails of another
            failed = {(leaf.grant, leaf.need) for leaf in eligibility.leaves(span) if not leaf.held}
            told = {(reason.grant, reason.rule) for reason in eligibility.reasons(span)}
            assert told <= failed
            # what is told of a group is not told of its parts again
            assert all((grant, need.split(".")[0]) in told for grant, need in failed - told)


def test_leaves_of_combinations_stand_before_their_parts() -> None:
    sessions = course(attributes={"supervised_sessions": 25})
    here = licence(jurisdiction="XX", valid_until=None)
    leaves = evaluate(EVERYLAND, make_ask(here, sessions)).leaves(visit(date(2025, 1, 14)))
    assert [(leaf.need, leaf.held, leaf.credential_ids) for leaf in leaves] == [
        ("scope.permitted", True, ()),
        ("limit.regions_never", True, ()),
        ("limit.techniques_never", True, ()),
        ("licence", True, (here.id,)),
        ("cover", False, ()),
        ("either", True, ()),
        ("hours", False, ()),
        ("both", True, ()),
        ("years", True, (here.id,)),
        ("sessions", True, (sessions.id,)),
    ]


def test_leaf_is_ready_for_json() -> None:
    held = licence(valid_until=None)
    leaf = Leaf(grant="pt", need="licence", held=True, credential_ids=(held.id,))
    assert json.loads(json.dumps(leaf.as_data())) == {
        "grant": "pt",
        "need": "licence",
        "held": True,
        "credentials": [str(held.id)],
    }


def test_answer_can_be_kept_as_a_key() -> None:
    answer = in_montana(licence())
    assert {answer: 1}[answer] == 1
