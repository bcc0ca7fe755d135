"""The rule told a second time, as simply as can be: for one day, from the bare TOML, without spans.

It shares no code with `booking.domain.eligibility` and `booking.domain.rules`, so that the two can be held against
each other. INVENTED asks for everything that rules can ask for.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from booking.domain.credential import Credential

INVENTED = """
jurisdiction = "XX"
name = "Everyland"
version = "1"
confidence = "medium"
reviewed_on = 2026-11-22
review_by = 2027-05-22
source = { act = { title = "The Act", reference = "section 5" }, board = { title = "The Board" } }

[[grant]]
id = "old"
professions = ["physical_therapist"]
stance = "prohibited"
until = 2024-03-31
say = "Nobody might before April 2024"
source = ["act"]

[[grant]]
id = "pt"
professions = ["physical_therapist"]
stance = "permitted"
from = 2024-04-01
until = 2026-06-30
source = ["act"]
limit = { techniques_never = ["electro"], regions_never = ["head_face"] }

[[grant.require]]
id = "licence"
need = "licence"
compact = true
registers_excluded = ["provisional"]
say = "A licence or compact privilege"
source = ["act"]

[[grant.require]]
id = "cover"
need = "credential"
kind = "indemnity"
covers = ["regions", "techniques"]
say = "Indemnity that covers the treatment"
source = ["board"]

[[grant.require]]
id = "either"
say = "50 hours in person, or a year of practice here and 25 sessions"
source = ["board"]

[[grant.require.any]]
id = "hours"
need = "total"
of = "hours_total"
at_least = 50
where = { in_person = true }
say = "50 hours in person"

[[grant.require.any]]
id = "both"
say = "A year of practice here and 25 sessions"

[[grant.require.any.all]]
id = "years"
need = "practised"
years = 1
where_counted = "here"
say = "A year of practice here"

[[grant.require.any.all]]
id = "sessions"
need = "total"
of = "supervised_sessions"
at_least = 25
say = "25 sessions"

[[grant]]
id = "new"
professions = ["physical_therapist"]
stance = "permitted"
from = 2026-01-01
source = ["act"]
limit = { say = "Only knee and shoulder girdle", regions_only = ["knee", "upper_trapezius"] }

[[grant.require]]
id = "licence"
need = "licence"
issued_by = "XX"
restricted_ok = true
say = "A licence"
source = ["act"]

[[grant.require]]
id = "proof"
say = "Two years of practice and the endorsement"
source = ["board"]

[[grant.require.all]]
id = "years"
need = "practised"
years = 2
say = "Two years of practice"

[[grant.require.all]]
id = "endorsement"
need = "credential"
kind = "endorsement"
issued_by = "XX"
where = { grade = ["a", 2] }
say = "The endorsement"

[[grant]]
id = "at"
professions = ["athletic_trainer"]
stance = "permitted"
from = 2024-02-29
until = 2025-06-30
source = ["board"]
limit = { techniques_only = ["trigger_point"] }

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]

[[grant.require]]
id = "acupuncture"
need = "total"
of = "hours_total"
at_least = 30
where = { subject = "acupuncture" }
say = "30 hours of acupuncture"
source = ["board"]

[[grant]]
id = "at-later"
professions = ["athletic_trainer", "chiropractor"]
stance = "silent"
from = 2026-01-01
say = "The law is silent"
source = ["act"]

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]
"""
RULES: dict[str, Any] = tomllib.loads(INVENTED)
PLACE = RULES["jurisdiction"]


def refused(
    profession: str, file: list[Credential], regions: set[str], techniques: set[str], days: list[date]
) -> set[Any]:
    """What stands in the way of a visit that takes all of `days`, as pairs of grant and rule; nothing, if it may be."""
    grants = [grant for grant in RULES["grant"] if profession in grant["professions"]]
    reached = reach(regions)
    stood: set[Any] = set()
    for day in days:
        open_now = [grant for grant in grants if in_window(grant, day)]
        if any(not set(in_the_way(grant, profession, file, reached, techniques, [day])) for grant in open_now):
            continue
        if not open_now:
            stood.add((None, "scope.none"))
        limits = {grant["id"]: set(over_limit(grant, reached, techniques)) for grant in open_now}
        within = [grant for grant in open_now if not limits[grant["id"]]]
        for grant in within or open_now:
            own = [one for one in days if in_window(grant, one)]
            stood |= {(grant["id"], rule) for rule in in_the_way(grant, profession, file, reached, techniques, own)}
    return stood


def met_from(
    grant: str,
    rule: str,
    profession: str,
    file: list[Credential],
    regions: set[str],
    techniques: set[str],
    days: list[date],
) -> date | None:
    """The first of `days` on which the need `rule` of the grant is met; None for what is no need, or never met."""
    needs = [
        part
        for one in RULES["grant"]
        if one["id"] == grant
        for need in one.get("require", ())
        for part in need.get("all", [need])
    ]
    for need in needs:
        if need["id"] == rule:
            return next((day for day in days if met(need, profession, file, reach(regions), techniques, day)), None)
    return None


def reach(regions: set[str]) -> set[str]:
    return regions | ({"thorax"} if regions & {"upper_trapezius", "scapular"} else set())


def in_window(grant: dict[str, Any], day: date) -> bool:
    return bool(grant.get("from", date.min) <= day <= grant.get("until", date.max))


def in_the_way(
    grant: dict[str, Any],
    profession: str,
    file: list[Credential],
    regions: set[str],
    techniques: set[str],
    days: list[date],
) -> Iterator[str]:
    if grant["stance"] != "permitted":
        yield f"scope.{grant['stance']}"
        if grant["stance"] != "silent":
            return
    yield from over_limit(grant, regions, techniques)
    for need in grant["require"]:
        for part in need.get("all", [need]):
            if not all(met(part, profession, file, regions, techniques, day) for day in days):
                yield part["id"]


def over_limit(grant: dict[str, Any], regions: set[str], techniques: set[str]) -> Iterator[str]:
    limit = grant.get("limit", {})
    if "regions_only" in limit and not regions <= set(limit["regions_only"]):
        yield "limit.regions_only"
    if regions & set(limit.get("regions_never", ())):
        yield "limit.regions_never"
    if "techniques_only" in limit and not techniques <= set(limit["techniques_only"]):
        yield "limit.techniques_only"
    if techniques & set(limit.get("techniques_never", ())):
        yield "limit.techniques_never"


def met(
    need: dict[str, Any], profession: str, file: list[Credential], regions: set[str], techniques: set[str], day: date
) -> bool:
    if "any" in need:
        return any(met(part, profession, file, regions, techniques, day) for part in need["any"])
    if "all" in need:
        return all(met(part, profession, file, regions, techniques, day) for part in need["all"])
    if need["need"] == "licence":
        return any(licensed(need, one, profession, file, day) for one in file)
    if need["need"] == "credential":
        return has_credential(need, profession, file, regions, techniques, day)
    if need["need"] == "total":
        return bool(hours(need, profession, file, day) >= need["at_least"])
    return years_ago(need, profession, file) <= day


def in_force(one: Credential, day: date) -> bool:
    holes = [(hole.first, hole.last or date.max) for hole in one.suspensions]
    first, last = one.valid_from or date.min, one.valid_until or date.max
    if one.verification != "verified" or last < first or any(end < start for start, end in holes):
        return False
    earned = earned_day(one) if "earned" in one.attributes else date.min
    return first <= day <= last and earned <= day and not any(start <= day <= end for start, end in holes)


def earned_day(one: Credential) -> date:
    """The day it was earned; the end of days for one that cannot be read."""
    text = str(one.attributes["earned"])
    return date.fromisoformat(text) if len(text) == 10 else date.max


def licensed(need: dict[str, Any], one: Credential, profession: str, file: list[Credential], day: date) -> bool:
    if one.jurisdiction != PLACE or not in_force(one, day) or not unconditional(need, one):
        return False
    if one.kind == "licence":
        return one.profession == profession
    return (
        one.kind == "compact_privilege"
        and need.get("compact", False)
        and one.profession in (profession, None)
        and any(
            home.kind == "licence"
            and home.jurisdiction == one.home
            and home.profession == profession
            and in_force(home, day)
            and unconditional(need, home)
            for home in file
        )
    )


def unconditional(need: dict[str, Any], one: Credential) -> bool:
    if one.attributes.get("restricted", False) is not False and not need.get("restricted_ok", False):
        return False
    return one.attributes.get("register") not in need.get("registers_excluded", [])


def shows(need: dict[str, Any], one: Credential, profession: str) -> bool:
    """Whether it is of the right kind, issuer and profession, and has the attributes asked for."""
    where = need.get("where", {})
    if one.kind == "training" and "subject" not in where:
        where = {**where, "subject": "dry_needling"}
    for attribute, wanted in where.items():
        value = one.attributes.get(
            attribute, "dry_needling" if (one.kind, attribute) == ("training", "subject") else None
        )
        if not any(repr(value) == repr(each) for each in (wanted if isinstance(wanted, list) else [wanted])):
            return False
    issued = "issued_by" not in need or one.jurisdiction == need["issued_by"]
    return one.kind == need.get("kind", "training") and issued and one.profession in (profession, None)


def has_credential(
    need: dict[str, Any], profession: str, file: list[Credential], regions: set[str], techniques: set[str], day: date
) -> bool:
    found = [one for one in file if shows(need, one, profession) and in_force(one, day)]
    for word in regions if "regions" in need.get("covers", ()) else ():
        if not any(one.regions is None or word in one.regions for one in found):
            return False
    for word in techniques if "techniques" in need.get("covers", ()) else ():
        if not any(one.techniques is None or word in one.techniques for one in found):
            return False
    return bool(found)


def hours(need: dict[str, Any], profession: str, file: list[Credential], day: date) -> int:
    found = [one for one in file if shows(need, one, profession) and in_force(one, day)]
    values = [one.attributes.get(need["of"], 0) for one in found]
    return sum(value for value in values if isinstance(value, int) and value is not True and value > 0)


def years_ago(need: dict[str, Any], profession: str, file: list[Credential]) -> date:
    """The day the years of practice are full; the end of days without a licence to count from."""
    here = need.get("where_counted") == "here"
    starts = [day for one in file if one.kind == "licence" and one.profession == profession for day in started(one)
              if one.jurisdiction == PLACE or not here]  # fmt: skip
    return min((anniversary(day, need["years"]) for day in starts), default=date.max)


def started(one: Credential) -> list[date]:
    holes = [(hole.first, hole.last or date.max) for hole in one.suspensions]
    backwards = (one.valid_until or date.max) < (one.valid_from or date.min) or any(end < start for start, end in holes)
    if one.verification != "verified" or backwards:
        return []
    earned = earned_day(one) if "earned" in one.attributes else date.max
    return [day for day in (one.valid_from, earned) if day not in (None, date.max)]


def anniversary(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29) and (day.year + years) % 4:
        return date(day.year + years, 3, 1)
    return date(day.year + years, day.month, day.day)
