"""Rule sets from text: what can be written is understood, and the rule sets that come with the program are sound."""

import hashlib
from datetime import date
from time import process_time

import pytest

from booking.domain.rules import (
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    Duty,
    Grant,
    LicenceNeed,
    Limit,
    PractisedNeed,
    RuleSet,
    Source,
    Stance,
    TotalNeed,
    Wanted,
    parse_rules,
    review_due,
    stacked,
)
from booking.domain.rules.needs import with_parts
from booking.rules import shipped

EVERYTHING = """
jurisdiction = "XX-1"
name = "Everywhere"
version = "3"
confidence = "medium"
reviewed_on = 2026-11-22
review_by = 2027-05-22
parts_only = true

[source.act]
title = "The Act"
reference = "section 5"

[source.board]
title = "The Board"

[[grant]]
id = "before"
professions = ["physical_therapist"]
stance = "pending"
until = 2024-06-21
expected = 2024-06-22
say = "Not yet"
source = ["act"]

[[grant]]
id = "pt"
professions = ["physical_therapist", "chiropractor"]
stance = "permitted"
from = 2024-06-22
until = 2030-12-31
confidence = "low"
personal = false
source = ["act", "board"]
duty = [{ say = "Stay", within_days = 30 }]

[grant.limit]
say = "Not the chest"
regions_only = ["knee", "shoulder"]
regions_never = ["thorax"]
techniques_only = ["trigger_point"]
techniques_never = ["electro"]

[[grant.require]]
id = "licence"
need = "licence"
issued_by = "XX"
compact = true
restricted_ok = true
registers_excluded = ["provisional"]
say = "A licence"
source = ["act"]

[[grant.require]]
id = "cover"
need = "credential"
kind = "indemnity"
issued_by = "XX-1"
where = { claims_made = true, grade = ["a", 2] }
covers = ["regions", "techniques"]
implied_by = "licence"
say = "Cover"
source = ["board"]

[[grant.require]]
id = "either"
say = "Hours or years"
source = ["board"]

[[grant.require.any]]
id = "hours"
need = "total"
of = "hours_total"
at_least = 50
where = { in_person = true }
say = "50 hours"

[[grant.require.any]]
id = "both"
say = "Years here and sessions"

[[grant.require.any.all]]
id = "years"
need = "practised"
years = 2
where_counted = "here"
say = "Two years"
source = ["act"]

[[grant.require.any.all]]
id = "sessions"
need = "total"
kind = "registration"
of = "supervised_sessions"
at_least = 25
say = "25 sessions"

[[grant.require]]
id = "consent"
need = "document"
kind = "needling_consent"
phase = "before_start"
content = ["risks"]
say = "Consent"
source = ["act"]
"""
ACT = Source(key="act", title="The Act", reference="section 5")
BOARD = Source(key="board", title="The Board")


def test_everything_that_can_be_written_is_understood() -> None:
    years = PractisedNeed(id="years", say="Two years", sources=(ACT,), years=2, here_only=True)
    sessions = TotalNeed(
        id="sessions", say="25 sessions", sources=(BOARD,), kind="registration", of="supervised_sessions", at_least=25
    )
    hours = TotalNeed(
        id="hours",
        say="50 hours",
        sources=(BOARD,),
        of="hours_total",
        at_least=50,
        where=(Wanted(attribute="in_person", values=(True,)),),
    )
    both = AllOf(id="both", say="Years here and sessions", sources=(BOARD,), parts=(years, sessions))
    needs = (
        LicenceNeed(
            id="licence",
            say="A licence",
            sources=(ACT,),
            issued_by="XX",
            compact=True,
            restricted_ok=True,
            registers_excluded=frozenset({"provisional"}),
        ),
        CredentialNeed(
            id="cover",
            say="Cover",
            sources=(BOARD,),
            implied_by="licence",
            kind="indemnity",
            issued_by="XX-1",
            where=(Wanted(attribute="claims_made", values=(True,)), Wanted(attribute="grade", values=("a", 2))),
            covers=frozenset({"regions", "techniques"}),
        ),
        AnyOf(id="either", say="Hours or years", sources=(BOARD,), parts=(hours, both)),
        DocumentNeed(id="consent", say="Consent", sources=(ACT,), kind="needling_consent", content=("risks",)),
    )
    before = Grant(
        id="before",
        professions=frozenset({"physical_therapist"}),
        stance=Stance.PENDING,
        sources=(ACT,),
        confidence="medium",
        say="Not yet",
        last=date(2024, 6, 21),
        expected=date(2024, 6, 22),
    )
    permitted = Grant(
        id="pt",
        professions=frozenset({"physical_therapist", "chiropractor"}),
        stance=Stance.PERMITTED,
        sources=(ACT, BOARD),
        confidence="low",
        first=date(2024, 6, 22),
        last=date(2030, 12, 31),
        personal=False,
        limit=Limit(
            say="Not the chest",
            regions_only=frozenset({"knee", "shoulder"}),
            regions_never=frozenset({"thorax"}),
            techniques_only=frozenset({"trigger_point"}),
            techniques_never=frozenset({"electro"}),
        ),
        needs=needs,
        duties=(Duty(say="Stay", within_days=30),),
    )
    assert parse_rules(EVERYTHING) == RuleSet(
        jurisdiction="XX-1",
        name="Everywhere",
        version="3",
        confidence="medium",
        reviewed_on=date(2026, 11, 22),
        review_by=date(2027, 5, 22),
        sources=(ACT, BOARD),
        grants=(before, permitted),
        digest=hashlib.sha256(EVERYTHING.encode()).hexdigest(),
        parts_only=True,
    )


def test_rule_set_can_be_kept_as_a_key() -> None:
    assert {parse_rules(EVERYTHING): 1} == {parse_rules(EVERYTHING): 1}
    assert parse_rules(EVERYTHING) != parse_rules(EVERYTHING + "# one word more\n")


def test_source_reads_as_title_and_reference() -> None:
    assert (str(ACT), str(BOARD)) == ("The Act (section 5)", "The Board")


def test_review_is_due_from_the_day_named() -> None:
    rules = parse_rules(EVERYTHING)
    days = (date(2027, 5, 21), date(2027, 5, 22), date(2027, 5, 23))
    assert [review_due(rules, day) for day in days] == [False, True, True]


ELSEWHERE = ("AU", "AU-ACT", "CA-AB", "CA-BC", "DK", "GB", "GB-ENG", "GB-WLS")
STATES = tuple(f"US-{state}" for state in ["CA", "CO", "DE", "FL", "IN", "MT", "OR", "PA", "TN", "UT", "WA"])
SHIPPED = {jurisdiction: parse_rules(text) for jurisdiction, text in shipped().items()}


def test_rule_sets_come_with_the_program() -> None:
    assert {jurisdiction: rules.jurisdiction for jurisdiction, rules in SHIPPED.items()} == {
        name: name for name in (*ELSEWHERE, "DEMO", *STATES)
    }
    assert set(stacked(SHIPPED.values())) == set(SHIPPED)


def test_all_rule_sets_are_read_in_a_tenth_of_a_second() -> None:
    texts = list(shipped().values())

    def reading() -> float:
        began = process_time()
        stacked(parse_rules(text) for text in texts)
        return process_time() - began

    assert min(reading() for _ in range(3)) < 0.1


@pytest.mark.parametrize("rules", SHIPPED.values(), ids=SHIPPED)
def test_shipped_rule_set_was_reviewed_and_is_to_be_again(rules: RuleSet) -> None:
    assert rules.reviewed_on == date(2026, 11, 22)
    assert date(2027, 2, 22) <= rules.review_by <= date(2027, 11, 22)
    assert rules.version in {"2026-11-22", "2026-11-25"}


@pytest.mark.parametrize("rules", SHIPPED.values(), ids=SHIPPED)
def test_shipped_rule_set_uses_each_of_its_sources(rules: RuleSet) -> None:
    cited = {source for grant in rules.grants for source in grant.sources}
    cited |= {source for grant in rules.grants for need in with_parts(grant.needs) for source in need.sources}
    assert cited == set(rules.sources)


# What the researched rule sets come to: stance, first and last day, and the ids of what is asked for. The other places
# have tables of who may and may not in tests/rules.
STANCES = [
    ("US-WA", "physical_therapist", "prohibited", None, date(2024, 6, 21), ""),
    (
        "US-WA",
        "physical_therapist",
        "permitted",
        date(2024, 6, 22),
        None,
        "licence endorsement tenure hours hours.didactic sessions consent",
    ),
    ("US-WA", "acupuncturist", "permitted", None, None, "licence"),
    ("US-MT", "physical_therapist", "permitted", None, None, "licence training"),
    ("US-MT", "physical_therapist_assistant", "prohibited", None, None, ""),
    ("US-MT", "chiropractor", "permitted", date(2020, 9, 26), None, "licence training"),
    ("US-CA", "physical_therapist", "prohibited", None, None, ""),
    ("US-CA", "acupuncturist", "permitted", None, None, "licence"),
    ("US-CA", "physician", "permitted", None, None, "licence"),
    ("US-OR", "physical_therapist", "pending", None, None, ""),
    ("US-OR", "chiropractor", "prohibited", None, None, ""),
]


def test_shipped_law_says_what_was_researched() -> None:
    found = [
        (place, profession, str(grant.stance), grant.first, grant.last, " ".join(need.id for need in grant.needs))
        for place, rules in SHIPPED.items()
        if place in {one[0] for one in STANCES}
        for grant in rules.grants
        for profession in grant.professions
    ]
    assert sorted(found, key=str) == sorted(STANCES, key=str)


def test_oregon_tells_the_day_it_hopes_for() -> None:
    assert [grant.expected for grant in SHIPPED["US-OR"].grants] == [date(2027, 7, 1), None]


def test_demonstration_says_that_it_is_no_law() -> None:
    assert SHIPPED["DEMO"].name == "Demonstration (invented rules, not the law of any place)"


def test_sets_that_others_lie_within_hold_for_no_site_by_themselves() -> None:
    """A site in one would miss the law of its part."""
    outer = {rules.within for rules in SHIPPED.values()} - {None}
    assert {name for name, rules in SHIPPED.items() if rules.parts_only} == outer == {"GB", "AU"}
