"""From when to when: stretches of a day with their breaks, extra hours, closures and leave."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from booking.domain.reading import Table
from booking.domain.time.local import LocalSpan
from booking.usecases.clinic_file.model import AbsenceFile, ExtraFile
from booking.usecases.clinic_file.values import day, entries, line, maybe_line, maybe_minute, minute

_DAY = 24 * 60

Minutes = tuple[int, int]
"""From when to when, in minutes from midnight."""


def stretches(table: Table) -> list[Minutes]:
    """What is left from `from` to `to` between the breaks; nothing when something is wrong."""
    faults = len(table.faults)
    whole = _from_to(table)
    breaks = [_break(inner, whole) for inner in entries(table, "breaks")]
    numbered = [(n, one) for n, one in enumerate(breaks, 1) if one is not None]
    for sentence in _overlaps("breaks", numbered):
        table.fault(sentence)
    if whole is None or len(table.faults) > faults:
        return []
    left = _between(whole, sorted(one for _, one in numbered))
    if not left:
        table.fault("its breaks leave nothing of the hours")
    return left


def _break(table: Table, whole: Minutes | None) -> Minutes | None:
    found = _from_to(table)
    if found is not None and whole is not None and not (whole[0] <= found[0] and found[1] <= whole[1]):
        table.fault("it lies outside the hours")
    table.close()
    return found


def _between(whole: Minutes, breaks: Sequence[Minutes]) -> list[Minutes]:
    starts = [whole[0], *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), whole[1]]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _from_to(table: Table) -> Minutes | None:
    """None when something is wrong."""
    start, end = minute(table, "from"), minute(table, "to")
    if start is None or end is None:
        return None
    if start >= end:
        table.fault("from must be before to")
        return None
    return start, end


def extra(table: Table, site: str | None = None) -> tuple[ExtraFile, ...]:
    """The hours of single days of a person, or those of the site itself when `site` is given."""
    found = [(n, one) for n, inner in enumerate(entries(table, "extra"), 1) for one in _extra(inner, site)]
    together = defaultdict[tuple[str, date], list[tuple[int, Minutes]]](list)
    for n, one in found:
        together[one.site, one.day].append((n, (one.start_minute, one.end_minute)))
    for some in together.values():
        for sentence in _overlaps("extra", some):
            table.fault(sentence)
    return tuple(one for _, one in found)


def _extra(table: Table, site: str | None) -> list[ExtraFile]:
    """One, or none when something is wrong."""
    faults = len(table.faults)
    where = line(table, "site") if site is None else site
    when, stretch = day(table, "date"), _from_to(table)
    table.close()
    if stretch is None or len(table.faults) > faults:
        return []
    return [ExtraFile(site=where, day=when, start_minute=stretch[0], end_minute=stretch[1])]


def absences(table: Table, key: str) -> tuple[AbsenceFile, ...]:
    """Closures or leave, each once."""
    return tuple(dict.fromkeys(_absence(inner) for inner in entries(table, key)))


def _absence(table: Table) -> AbsenceFile:
    faults = len(table.faults)
    days = LocalSpan(
        first=day(table, "first"),
        last=day(table, "last"),
        start_minute=maybe_minute(table, "from"),
        end_minute=maybe_minute(table, "to"),
    )
    if len(table.faults) == faults and days.last < days.first:
        table.fault("last is before first")
    elif len(table.faults) == faults and not _goes_forward(days):
        table.fault("from must be before to")
    reason = maybe_line(table, "reason") or ""
    table.close()
    return AbsenceFile(days=days, reason=reason)


def _goes_forward(days: LocalSpan) -> bool:
    end = _DAY if days.end_minute is None else days.end_minute
    return (days.last - days.first).days * _DAY + end > (days.start_minute or 0)


def _overlaps(called: str, numbered: Iterable[tuple[int, Minutes]]) -> Iterator[str]:
    """Stretches of one day that begin before an earlier one has ended."""
    latest: tuple[int, Minutes] | None = None
    for n, one in sorted(numbered, key=lambda each: each[1]):
        if latest is not None and one[0] < latest[1][1]:
            first, second = sorted((latest[0], n))
            yield f"{called} {first} and {called} {second} overlap"
        if latest is None or one[1] > latest[1][1]:
            latest = n, one
