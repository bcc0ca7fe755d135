"""The rule told a second time, as simply as can be: for one day, from the bare TOML, without spans.

It shares no code with the program (a test sees to that), so that the two can be held against each other. Rules are
what `tomllib` makes of their text, the site's own first and then those it lies within. A credential is a plain table
with the names of the program's fields; a suspension is a pair of days.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

Table = dict[str, Any]
BEFORE_START = ("document", "patient")
OVER_LUNG = {"upper_trapezius", "scapular"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks, with what on file, for what; `colleagues` are questions of their own, of which only who counts."""

    name: str
    profession: str
    file: list[Table]
    regions: set[str] = field(default_factory=set)
    techniques: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)
    adjunct: bool = False
    site: str | None = None
    site_file: list[Table] = field(default_factory=list)
    colleagues: list["Question"] = field(default_factory=list)
    born: date | None = None
    decisions: list[Table] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Law:
    """One rule set, as it stands for a question: `exempt` are the names of needs that do not hold, with their days."""

    rules: Table
    q: Question
    outward: bool
    exempt: list[Table]

    @property
    def place(self) -> str:
        return str(self.rules["jurisdiction"])

    def means(self, words: Any) -> set[str]:
        found = set(words)
        for word, covered in self.rules.get("region_means", {}).items():
            found |= set(covered) if word in words else set()
        return found

    @property
    def reached(self) -> set[str]:
        found = set(self.q.regions)
        meanings = [("thorax", OVER_LUNG), *self.rules.get("region_means", {}).items()]
        for _ in meanings:  # one word may lead to another
            found |= {word for word, covered in meanings if set(covered) & found}
        return found


def refused(stack: list[Table], q: Question, days: list[date]) -> list[Any]:
    """What stands in the way of a visit that takes all of `days`, as pairs of grant and rule; nothing, if it may be."""
    if stack[0].get("parts_only"):
        return [(None, "scope.unknown")]
    return [one for law in laws(stack, q) for one in refused_by(law, days)]


def laws(stack: list[Table], q: Question) -> Iterator[Law]:
    exempt: list[Table] = []
    for rules in stack:
        if rules is stack[-1] or any(is_for(grant["professions"], q.profession) for grant in rules["grant"]):
            yield Law(rules=rules, q=q, outward=rules is not stack[0], exempt=list(exempt))
        exempt += rules.get("exempts", [])


def is_for(professions: list[str], profession: str) -> bool:
    return profession in professions or "*" in professions


def in_window(one: Table, day: date) -> bool:
    return bool(one.get("from", date.min) <= day <= one.get("until", date.max))


def refused_by(law: Law, days: list[date]) -> set[Any]:
    grants = [grant for grant in law.rules["grant"] if is_for(grant["professions"], law.q.profession)]
    stood: set[Any] = set()
    for day in days:
        open_now = [grant for grant in grants if in_window(grant, day)]
        if any(not set(in_the_way(grant, law, [day])) for grant in open_now):
            continue
        if not open_now:
            stood.add((None, "scope.none"))
        within = [grant for grant in open_now if not set(over_limit(grant, law))]
        for grant in within or open_now:
            own = [one for one in days if in_window(grant, one)]
            called = f"{law.place}:{grant['id']}" if law.outward else grant["id"]
            stood |= {(called, rule) for rule in in_the_way(grant, law, own)}
    return stood


def in_the_way(grant: Table, law: Law, days: list[date]) -> Iterator[str]:
    stance = grant["stance"]
    unsure = stance == "permitted" and grant.get("confidence", law.rules["confidence"]) == "low"
    if stance != "permitted" or unsure:
        may_decide = stance == "silent" or unsure
        if not may_decide or not all(decided(grant, law, day) for day in days):
            yield "scope.low_confidence" if unsure else f"scope.{stance}"
        if not may_decide:
            return
    yield from over_limit(grant, law)
    for need in grant.get("require", ()):
        yield from unmet(need, grant, law, days)


def decided(grant: Table, law: Law, day: date) -> bool:
    return any(
        (one["jurisdiction"], one["grant"]) == (law.place, grant["id"])
        and one["decided_on"] <= day <= (one["valid_until"] or date.max)
        for one in law.q.decisions
    )


def over_limit(grant: Table, law: Law) -> Iterator[str]:
    limit, regions, techniques = grant.get("limit", {}), law.reached, law.q.techniques
    if "regions_only" in limit and not regions <= law.means(limit["regions_only"]):
        yield "limit.regions_only"
    if regions & law.means(limit.get("regions_never", ())):
        yield "limit.regions_never"
    if "techniques_only" in limit and not techniques <= set(limit["techniques_only"]):
        yield "limit.techniques_only"
    if techniques & set(limit.get("techniques_never", ())):
        yield "limit.techniques_never"
    if law.q.sides == {"left", "right"} and regions & law.means(limit.get("not_both_sides", ())):
        yield "limit.not_both_sides"
    if limit.get("adjunct_only") and not law.q.adjunct:
        yield "limit.adjunct_only"


def unmet(need: Table, grant: Table, law: Law, days: list[date]) -> Iterator[str]:
    """The need's id, or those of the parts it takes all of, if it is not met on all of the days."""
    if not asked(need, law) or all(met(need, grant, law, day) for day in days):
        return
    if "all" not in need:
        yield need["id"]
    for part in need.get("all", ()):
        yield from unmet(part, grant, law, days)


def asked(need: Table, law: Law) -> bool:
    if "when_regions" in need and not law.reached & law.means(need["when_regions"]):
        return False
    if "when_techniques" in need and not law.q.techniques & set(need["when_techniques"]):
        return False
    parts = need.get("any", need.get("all"))
    if parts is not None:
        return any(asked(part, law) for part in parts)
    return need["need"] not in BEFORE_START or need.get("phase") == "assign"


def met(need: Table, grant: Table, law: Law, day: date) -> bool:
    name = f"{grant['id']}.{need['id']}"
    if any(name in one["needs"] and in_window(one, day) for one in law.exempt):
        return True
    if "any" in need:
        return any(met(part, grant, law, day) for part in need["any"] if asked(part, law))
    if "all" in need:
        return all(met(part, grant, law, day) for part in need["all"] if asked(part, law))
    how = {
        "licence": licensed,
        "credential": has_credential,
        "total": enough,
        "practised": practised,
        "supervisor": supervised,
        "patient": old_enough,
    }
    return how[need["need"]](need, law, day)


# When a credential counts


def in_force(one: Table, day: date, need: Table) -> bool:
    holes = [(first, last or date.max) for first, last in one["suspensions"]]
    first, last = one["valid_from"] or date.min, one["valid_until"] or date.max
    if one["verification"] != "verified" or last < first or any(end < start for start, end in holes):
        return False
    status = one["attributes"].get("status", "active")
    accepted = status in need.get("accept_status", ()) and day <= need.get("accept_until", date.max)
    if status != "active" and not accepted:
        return False
    earned = earned_day(one) if "earned" in one["attributes"] else date.min
    return bool(first <= day <= last and earned <= day and not any(start <= day <= end for start, end in holes))


def earned_day(one: Table) -> date:
    """The day it was earned; the end of days for one that cannot be read."""
    text = str(one["attributes"]["earned"])
    return date.fromisoformat(text) if len(text) == 10 else date.max


def ever_in_force(one: Table, need: Table) -> bool:
    """Whether it counts on any day: then it does so on one of those on which it can begin to."""
    starts = [one["valid_from"] or date.min]
    starts += [earned_day(one)] if "earned" in one["attributes"] else []
    starts += [last + timedelta(days=1) for _, last in one["suspensions"] if last and last < date.max]
    return any(in_force(one, day, need) for day in starts if day < date.max)


def licensed(need: Table, law: Law, day: date) -> bool:
    return any(is_licence(need, one, law, day) for one in law.q.file)


def is_licence(need: Table, one: Table, law: Law, day: date) -> bool:
    place, profession = need.get("issued_by", law.place), law.q.profession
    if one["jurisdiction"] != place or not in_force(one, day, need) or not unconditional(need, one):
        return False
    if one["kind"] == "licence":
        return bool(one["profession"] == profession)
    privileged = one["kind"] == "compact_privilege" and need.get("compact", False)
    active = {key: value for key, value in need.items() if key != "accept_status"}
    return (
        privileged
        and one["profession"] in (profession, None)
        and any(
            home["kind"] == "licence"
            and home["jurisdiction"] == one["home"]
            and home["profession"] == profession
            and in_force(home, day, active)
            and unconditional(need, home)
            for home in law.q.file
        )
    )


def unconditional(need: Table, one: Table) -> bool:
    if one["attributes"].get("restricted", False) is not False and not need.get("restricted_ok", False):
        return False
    return one["attributes"].get("register") not in need.get("registers_excluded", [])


def shows(need: Table, one: Table, law: Law) -> bool:
    """Whether it is of the right kind, issuer and profession, and has the attributes asked for."""
    where = need.get("where", {})
    if one["kind"] == "training" and "subject" not in where:
        where = {**where, "subject": "dry_needling"}
    for attribute, wanted in where.items():
        plain = "dry_needling" if (one["kind"], attribute) == ("training", "subject") else None
        value = one["attributes"].get(attribute, plain)
        if not any(repr(value) == repr(each) for each in (wanted if isinstance(wanted, list) else [wanted])):
            return False
    issued = "issued_by" not in need or one["jurisdiction"] == need["issued_by"]
    return one["kind"] == need.get("kind", "training") and issued and one["profession"] in (law.q.profession, None)


def has_credential(need: Table, law: Law, day: date) -> bool:
    file = law.q.site_file if need.get("holder") == "site" else law.q.file
    found = [one for one in file if shows(need, one, law) and in_force(one, day, need)]
    covers = need.get("covers", ())
    for word in law.reached if "regions" in covers else ():
        if not any(one["regions"] is None or word in law.means(one["regions"]) for one in found):
            return False
    for word in law.q.techniques if "techniques" in covers else ():
        if not any(one["techniques"] is None or word in one["techniques"] for one in found):
            return False
    if "site" in covers and not any(law.q.site in one["attributes"].get("sites", "").split() for one in found):
        return False
    return bool(found)


# What adds up


def enough(need: Table, law: Law, day: date) -> bool:
    found = [one for one in law.q.file if shows(need, one, law) and value_of(one, need["of"]) > 0]
    found = [one for one in found if ever_in_force(one, need)]
    if {"finish_within_months", "only_for_months", "earned_within_years"} & set(need):
        found = [one for one in found if credit_day(one) is not None]
    if not found:
        return False
    if "only_for_months" in need and day >= months_after(min(map(credit_day, found)), need["only_for_months"]):
        return False
    counting = [one for one in found if in_force(one, day, need)]
    if "earned_within_years" in need:
        counting = [one for one in counting if day < months_after(credit_day(one), 12 * need["earned_within_years"])]
    if "finish_within_months" not in need:
        return reached(need, counting)
    for start in map(credit_day, found):
        end = months_after(start, need["finish_within_months"])
        together = [one for one in counting if start <= credit_day(one) < end]
        if reached(need, together):
            return True
    return False


def reached(need: Table, counting: list[Table]) -> bool:
    return bool(sum(value_of(one, need["of"]) for one in counting) >= need["at_least"])


def value_of(one: Table, attribute: str) -> int:
    value = one["attributes"].get(attribute, 0)
    return value if isinstance(value, int) and value is not True else 0


def credit_day(one: Table) -> Any:
    return earned_day(one) if "earned" in one["attributes"] else one["valid_from"]


def practised(need: Table, law: Law, day: date) -> bool:
    here = need.get("where_counted") == "here"
    years = need.get("years", 0)
    hours = max(need.get("min_hours", 0), need.get("fte_hours", 0) * 52 * years)
    starts = [
        start
        for one in law.q.file
        if one["kind"] == "licence" and one["profession"] == law.q.profession
        if one["jurisdiction"] == law.place or not here
        for start in started(one)
    ]
    if years and not any(months_after(start, 12 * years) <= day for start in starts):
        return False
    wanted = {"kind": "practice", "of": "practice_hours", "at_least": hours}
    return hours == 0 or enough({**wanted, **({"issued_by": law.place} if here else {})}, law, day)


def started(one: Table) -> list[date]:
    holes = [(first, last or date.max) for first, last in one["suspensions"]]
    backwards = (one["valid_until"] or date.max) < (one["valid_from"] or date.min)
    if one["verification"] != "verified" or backwards or any(end < start for start, end in holes):
        return []
    if one["attributes"].get("status", "active") != "active":
        return []
    earned = earned_day(one) if "earned" in one["attributes"] else date.max
    return [day for day in (one["valid_from"], earned) if day not in (None, date.max)]


def months_after(day: date, months: int) -> date:
    """So many months later: for a day that the month lacks, the first of the next."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    try:
        return date(year, month, day.day)
    except ValueError:
        return date(year, month + 1, 1)


# Other people


def supervised(need: Table, law: Law, day: date) -> bool:
    return any(could_supervise(need, who, law, day) for who in law.q.colleagues if who.name != law.q.name)


def could_supervise(need: Table, who: Question, law: Law, day: date) -> bool:
    if not is_for(need["professions"], who.profession):
        return False
    asking = replace(law.q, name=who.name, profession=who.profession, file=who.file, colleagues=[])
    own = replace(law, q=asking)
    if "years" in need and not practised({"years": need["years"]}, own, day):
        return False
    if "grants" in need:
        named = [grant for grant in law.rules["grant"] if grant["id"] in need["grants"] and in_window(grant, day)]
        mine = [grant for grant in named if is_for(grant["professions"], who.profession)]
        return any(not set(in_the_way(grant, own, [day])) for grant in mine)
    issuer = {"issued_by": need["issued_by"]} if "issued_by" in need else {}
    others = set(need.get("kinds", ())) - {"licence"}
    return licensed(issuer, own, day) and all(has_credential({"kind": kind}, own, day) for kind in others)


def old_enough(need: Table, law: Law, day: date) -> bool:
    return law.q.born is not None and months_after(law.q.born, 12 * need["min_age"]) <= day
