"""Random rule sets, files and questions, in the plain tables of `day_by_day`; the same for the same chance.

Few days, many of them neighbours, so that files, rules and decisions meet, touch and just miss one another.
"""

from datetime import date, timedelta
from itertools import count, pairwise
from random import Random
from typing import Any

from tests.domain.day_by_day import Question, Table

DAY = timedelta(days=1)
DAYS = [
    *(date(2024, 2, 28) + DAY * n for n in range(3)),
    *(date(2024, 3, 31) + DAY * n for n in range(2)),
    *(date(2025, 3, 1) + DAY * n for n in range(2)),
    *(date(2025, 12, 31) + DAY * n for n in range(3)),
    *(date(2026, 6, 30) + DAY * n for n in range(2)),
    date(2022, 2, 28), date(2023, 1, 1), date(2023, 8, 31), date(2027, 10, 31),
]  # fmt: skip
BORN = [date(2008, 2, 29), date(2010, 3, 1)]
MONTHS, YEARS, AGE = (6, 12, 24), (1, 2), 16
PT, PTA, AT, DC = "physical_therapist", "physical_therapist_assistant", "athletic_trainer", "chiropractor"
PLACES = ("XX-1", "XX")
REGIONS = ["knee", "knee", "knee", "thorax", "upper_trapezius", "supraclavicular", "head_face"]
TECHNIQUES = ["trigger_point"] * 4 + ["electro"]


def likely(chance: Random, share: float) -> bool:
    return chance.random() < share


# Rules


def stack(chance: Random) -> list[Table]:
    """A rule set by itself, or one within another that it may exempt from something.

    Some may hold only under that of a part: then one by itself refuses everybody.
    """
    outer = rule_set("XX", chance)
    alone = likely(chance, 0.5)
    outer |= {"parts_only": True} if likely(chance, 0.05 if alone else 0.5) else {}
    if alone:
        return [outer]
    inner = rule_set("XX-1", chance) | {"within": "XX"}
    names = [f"{grant['id']}.{need['id']}" for grant in outer["grant"] for need in parts(grant.get("require", ()))
             if not any(part.get("need") == "licence" for part in parts([need]))]  # fmt: skip
    if names and likely(chance, 0.7):
        needs = chance.sample(names, min(len(names), 2))
        inner["exempts"] = [{"needs": needs, "say": "Not here", "source": ["act"], **window(chance)}]
    return [inner, outer]


def parts(needs: Any) -> list[Table]:
    """The needs and all that they are made of."""
    return [one for need in needs for one in (need, *parts(need.get("any", need.get("all", ()))))]


def rule_set(place: str, chance: Random) -> Table:
    head = {"jurisdiction": place, "name": place, "version": "1", "confidence": chance.choice(["high"] * 7 + ["low"])}
    rules: Table = {**head, "reviewed_on": DAYS[0], "review_by": DAYS[-1], "source": {"act": {"title": "The Act"}}}
    if likely(chance, 0.3):
        rules["region_means"] = {
            "thorax": ["thorax", "supraclavicular", "scapular"],
            "neck_lateral": ["neck_anterior", "thorax"],
        }
    rules["grant"] = [grant for professions in ([PT], [PTA, AT]) for grant in grants(professions, place, chance)]
    if likely(chance, 0.2):
        for grant in rules["grant"]:
            grant["professions"] = ["*"] if PT in grant["professions"] else grant["professions"]
        rules["grant"] = [grant for grant in rules["grant"] if grant["professions"] == ["*"]]
    ids = [grant["id"] for grant in rules["grant"]]
    for grant in rules["grant"]:
        for need in parts(grant.get("require", ())):
            if need.get("grants"):
                need["grants"] = [chance.choice(ids)]
    return rules if ids else rule_set(place, chance)  # a set that says nothing is none


def grants(professions: list[str], place: str, chance: Random) -> list[Table]:
    """What is said to some professions as time goes by: at most one stance at a time, and sometimes nothing."""
    cuts = sorted(chance.sample(DAYS, chance.choice([0, 0, 1, 1, 2])))
    found = []
    for number, (start, end) in enumerate(pairwise([None, *cuts, None])):
        stance = chance.choice(["permitted"] * 12 + ["silent", "prohibited", "pending", ""])
        both = stance == "permitted" and likely(chance, 0.2)
        for nth in range(0 if not stance else 2 if both else 1):
            name = f"{professions[0].split('_')[-1]}-{number}-{nth}"
            made: Table = {"id": name, "professions": professions, "stance": stance, "source": ["act"], "say": "?"}
            made |= {"from": start} if start else {}
            made |= {"until": end - DAY} if end else {}
            found.append(made | (permission(place, chance) if stance in ("permitted", "silent") else {}))
    return found


def window(chance: Random) -> Table:
    start, end = sorted(chance.sample(DAYS, 2))
    return {key: day for key, day in (("from", start), ("until", end)) if likely(chance, 0.5)}


def permission(place: str, chance: Random) -> Table:
    ids = count(1)
    needs = [{**licence(chance), "id": "licence", "say": "?", "source": ["act"]}]
    needs += [{**requirement(place, chance, 2, ids), "source": ["act"]} for _ in range(chance.choice([0, 1, 1, 2, 3]))]
    made: Table = {"require": needs, "confidence": chance.choice(["high"] * 6 + ["low"])}
    return made | ({"limit": limit(chance)} if likely(chance, 0.3) else {})


def limit(chance: Random) -> Table:
    return chance.choice([
        {"regions_only": ["knee", "thorax"]},
        {"regions_only": ["knee", "upper_trapezius"]},
        {"regions_never": [chance.choice(["thorax", "head_face", "neck_lateral"])]},
        {"techniques_only": ["trigger_point"]},
        {"techniques_never": ["electro"], "not_both_sides": ["thorax"]},
        {"not_both_sides": ["thorax", "knee"]},
        {"adjunct_only": True},
    ])  # fmt: skip


def requirement(place: str, chance: Random, depth: int, ids: "count[int]") -> Table:
    made: Table = {"id": f"n{next(ids)}", "say": "?"}
    if likely(chance, 0.15):
        made["when_regions"] = [chance.choice(["thorax", "head_face", "knee"])]
    if likely(chance, 0.1):
        made["when_techniques"] = [chance.choice(["electro", "trigger_point"])]
    if depth and likely(chance, 0.3):
        inner = [requirement(place, chance, depth - 1, ids) for _ in range(chance.choice([2, 2, 3]))]
        waits = [one for one in parts(inner) if one.get("need") == "document"]
        return made | {chance.choice(["any", "any", "all"]): inner} if not waits else made | simple(place, chance)
    return made | simple(place, chance)


def simple(place: str, chance: Random) -> Table:
    kinds = [licence, credential, credential, total, total, total, practised, supervisor, supervisor, patient, document]
    kind = chance.choice(kinds)
    made = kind(chance)
    if made.get("issued_by") == "here":
        made["issued_by"] = place
    return made


def licence(chance: Random) -> Table:
    made: Table = {"need": "licence"}
    for share, more in (
        (0.4, {"compact": True}),
        (0.2, {"restricted_ok": True}),
        (0.3, {"registers_excluded": ["provisional"]}),
        (0.5, {"issued_by": "XX"}),
        (0.3, {"accept_status": ["applied"], "accept_until": chance.choice(DAYS)}),
    ):
        made |= more if likely(chance, share) else {}
    return made


def credential(chance: Random) -> Table:
    return {"need": "credential", **chance.choice([
        {"kind": "indemnity", "covers": ["regions", "techniques"]},
        {"kind": "indemnity", "covers": ["regions"]},
        {"kind": "endorsement", "issued_by": "here", "where": {"grade": ["a", 2]}},
        {"kind": "endorsement", "accept_status": ["applied", "grace"]},
        {"kind": "special_procedure_licence", "covers": ["site"]},
        {"kind": "premises_approval", "holder": "site"},
        {"kind": "premises_approval", "holder": "site", "covers": ["site", "techniques"]},
        {"kind": "training", "where": {"in_person": True}},
    ])}  # fmt: skip


def total(chance: Random) -> Table:
    made: Table = {"need": "total", "of": "hours_total", "at_least": chance.choice([20, 30, 50])}
    made |= {"where": {"in_person": True}} if likely(chance, 0.2) else {}
    made |= {"where": {"subject": "acupuncture"}} if likely(chance, 0.1) else {}
    for key, values in (("finish_within_months", MONTHS), ("only_for_months", MONTHS), ("earned_within_years", YEARS)):
        made |= {key: chance.choice(values)} if likely(chance, 0.3) else {}
    return made


def practised(chance: Random) -> Table:
    counted = {"where_counted": "here"} if likely(chance, 0.3) else {}
    more: list[Table] = [{"min_hours": 1000}, {"years": 1, "fte_hours": 10}, {"years": 2, "min_hours": 500}]
    return {"need": "practised", **counted, **chance.choice([{"years": 1}, {"years": 2}, *more])}


def supervisor(chance: Random) -> Table:
    made: Table = {"need": "supervisor", "mode": "on_site", "professions": chance.choice([[PT], [PT, DC], ["*"]])}
    made |= {"years": 1} if likely(chance, 0.3) else {}
    ways: list[Table] = [{"grants": ["?"]}, {"kinds": ["endorsement"]}, {"issued_by": "XX"}, {}]
    return made | chance.choice(ways)


def patient(chance: Random) -> Table:
    return {"need": "patient", "min_age": AGE, "phase": "assign"}


def document(chance: Random) -> Table:
    return {"need": "document", "kind": "needling_consent"}


# Files and questions

_PT = {"profession": PT, "valid_from": date(2023, 1, 1)}
PLAIN: list[Table] = [
    {"kind": "licence", **_PT, "jurisdiction": "XX"},
    {"kind": "licence", **_PT, "jurisdiction": "XX-1"},
    {"kind": "licence", **_PT, "jurisdiction": "YY"},
    {"kind": "compact_privilege", **_PT, "jurisdiction": "XX", "home": "YY"},
    {"kind": "indemnity"},
    {"kind": "indemnity", "regions": ["knee", "thorax"]},
    {"kind": "training", "attributes": {"hours_total": 30, "in_person": True, "earned": "2024-02-29"}},
    {"kind": "training", "attributes": {"hours_total": 20}, "valid_from": date(2025, 3, 1)},
    {"kind": "training", "attributes": {"hours_total": 30, "subject": "acupuncture"}},
    {"kind": "endorsement", "jurisdiction": "XX-1", "attributes": {"grade": "a"}},
    {"kind": "special_procedure_licence", "attributes": {"sites": "mill north"}},
    {"kind": "practice", "jurisdiction": "XX", "attributes": {"practice_hours": 800, "earned": "2025-03-01"}},
]
SITE_PLAIN: list[Table] = [{"kind": "premises_approval", "attributes": {"sites": "mill"}}]
EMPTY: Table = {
    "profession": None, "jurisdiction": None, "valid_from": None, "valid_until": None, "verification": "verified",
    "suspensions": [], "regions": None, "techniques": None, "attributes": {}, "home": None,
}  # fmt: skip
ATTRIBUTES: dict[str, list[Any]] = {
    "hours_total": [20, 30, 50, -30, True, "50"],
    "in_person": [True, False, 1],
    "subject": ["dry_needling", "acupuncture"],
    "grade": ["a", 2, "b", True],
    "earned": [*map(str, DAYS), "soon"],
    "status": ["active", "applied", "grace", "lapsed"],
    "restricted": [True, False],
    "register": ["general", "provisional"],
    "sites": ["mill", "north", ""],
    "practice_hours": [100, 800],
}


def question(chance: Random) -> Question:
    profession = chance.choice([PT] * 8 + [PTA, AT, DC])
    others = [
        Question(name=chance.choice(["bea", "cy", "ada"]), profession=who, file=file(who, chance))
        for who in chance.choices([PT, PT, DC, PTA], k=chance.choice([0, 1, 2]))
    ]
    return Question(
        name="ada",
        profession=profession,
        file=file(profession, chance),
        regions=set(chance.choices(REGIONS, k=chance.choice([1, 1, 2]))),
        techniques=set(chance.choices(TECHNIQUES, k=1)),
        sides=set(chance.choices(["left", "right"], k=chance.choice([0, 1, 2]))),
        adjunct=likely(chance, 0.5),
        site=chance.choice(["mill", "mill", "dale"]),
        site_file=[held(one, chance) for one in SITE_PLAIN if likely(chance, 0.9)],
        colleagues=others,
        born=chance.choice([None, *BORN, *BORN]),
        decisions=[decision(chance) for _ in range(chance.choice([0, 8, 16]))],
    )


def decision(chance: Random) -> Table:
    """One about some grant of which perhaps there is none."""
    start, end = sorted(chance.sample(DAYS, 2))
    name = f"{chance.choice(['therapist', 'assistant'])}-{chance.choice([0, 0, 1, 2])}-{chance.choice([0, 0, 0, 1])}"
    until = chance.choice([None, None, end])
    return {"jurisdiction": chance.choice(PLACES), "grant": name, "decided_on": start, "valid_until": until}


def file(profession: str, chance: Random) -> list[Table]:
    """Most of what may be asked for, each as it should be or changed."""
    mine = [{**one, **({"profession": profession} if "profession" in one else {})} for one in PLAIN]
    return [held(one, chance) for one in mine if likely(chance, 0.93)]


def held(plain: Table, chance: Random) -> Table:
    made = {**EMPTY, **plain, "attributes": dict(plain.get("attributes", {}))}
    for _ in range(0 if likely(chance, 0.75) else chance.choice([1, 2, 3])):
        change(made, chance)
    return made


def change(made: Table, chance: Random) -> None:
    first, last = chance.choice(DAYS), chance.choice([*DAYS, None, date.max])
    values: Table = {
        "valid_from": chance.choice([*DAYS, None]),
        "valid_until": last,
        "suspensions": [(first, chance.choice([last, first + DAY * chance.choice([0, 30, 400])]))],
        "verification": chance.choice(["pending", "rejected", "verified", "verified"]),
        "profession": chance.choice([PT, AT, None]),
        "jurisdiction": chance.choice([*PLACES, "YY", None]),
        "home": chance.choice(["YY", "XX", None]),
        "regions": chance.choice([None, ["knee"], ["thorax"], ["head_face", "upper_trapezius"]]),
        "techniques": chance.choice([None, ["electro"], ["trigger_point"]]),
    }
    if likely(chance, 0.4):
        name = chance.choice(list(ATTRIBUTES))
        made["attributes"][name] = chance.choice(ATTRIBUTES[name])
    else:
        name = chance.choice(list(values))
        made[name] = values[name]
