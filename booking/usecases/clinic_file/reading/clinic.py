"""The clinic itself: how it is reached, what patients may do, the rules it goes by, the ways between its sites."""

from datetime import date

from booking.domain.policy import BookingPolicy
from booking.domain.reading import Table
from booking.domain.treatment import TICK_MINUTES
from booking.usecases.clinic_file.model import AboutClinic, AdoptedRules, DecisionFile, TravelFile
from booking.usecases.clinic_file.reading.times import absences
from booking.usecases.clinic_file.values import (
    entries,
    jurisdiction,
    line,
    maybe_line,
    maybe_minute,
    number,
    slug,
    zone,
)

_GRIDS = (5, 10, 15, 20, 30, 60)
_LONGEST_NOTICE = 60 * 24 * 60
_LONGEST_HORIZON = 730
_LONGEST_GAP = 4 * 60
_LONGEST_SPACING = 30 * 24
_LONGEST_TRAVEL = 24 * 60


def clinic(table: Table) -> AboutClinic:
    about = AboutClinic(
        slug=slug(table),
        name=line(table, "name"),
        zone=zone(table),
        phone=maybe_line(table, "phone") or "",
        email=maybe_line(table, "email") or "",
        language=maybe_line(table, "language") or "en",
        calendar_label=maybe_line(table, "calendar_label") or "Appointment",
        policy=_policy(table.table("policy")),
        closures=absences(table, "closure"),
        travel=tuple(_travel(inner) for inner in entries(table, "travel")),
    )
    table.close()
    return about


def _policy(table: Table | None) -> BookingPolicy:
    usual = BookingPolicy()
    if table is None:
        return usual
    gap, way = usual.smallest_gap_minutes, usual.travel_minutes
    policy = BookingPolicy(
        grid_minutes=_grid(table, usual.grid_minutes),
        notice_minutes=number(table, "notice_minutes", usual=usual.notice_minutes, most=_LONGEST_NOTICE),
        horizon_days=number(table, "horizon_days", usual=usual.horizon_days, least=1, most=_LONGEST_HORIZON),
        same_day_until=maybe_minute(table, "same_day_until"),
        smallest_gap_minutes=number(table, "smallest_gap_minutes", usual=gap, most=_LONGEST_GAP, step=TICK_MINUTES),
        region_spacing_hours=number(
            table, "region_spacing_hours", usual=usual.region_spacing_hours, most=_LONGEST_SPACING
        ),
        travel_minutes=number(table, "travel_minutes", usual=way, most=_LONGEST_TRAVEL, step=TICK_MINUTES),
    )
    table.close()
    return policy


def _grid(table: Table, usual: int) -> int:
    grid = table.take("grid_minutes", int)
    if grid is not None and grid not in _GRIDS:
        table.fault(f"grid_minutes must be one of {', '.join(map(str, _GRIDS))}")
    return usual if grid is None else grid


def _travel(table: Table) -> TravelFile:
    faults = len(table.faults)
    between = table.words("between")
    if len(table.faults) == faults and len(between) != len(("one", "other")):
        table.fault("between must name two sites")
    way = TravelFile(
        between=frozenset(between), minutes=number(table, "minutes", most=_LONGEST_TRAVEL, step=TICK_MINUTES)
    )
    table.close()
    return way


def rules(table: Table) -> AdoptedRules:
    found = AdoptedRules(
        jurisdiction=jurisdiction(table),
        version=line(table, "version"),
        adopted_by=line(table, "adopted_by"),
        adopted_on=table.day("adopted_on"),
    )
    table.close()
    return found


def decision(table: Table) -> DecisionFile:
    found = DecisionFile(
        jurisdiction=jurisdiction(table),
        grant=line(table, "grant"),
        version=line(table, "version"),
        decided_by=line(table, "decided_by"),
        decided_on=table.day("decided_on"),
        basis=line(table, "basis"),
        valid_until=table.take("valid_until", date),
    )
    if found.valid_until is not None and found.valid_until < found.decided_on:
        table.fault("valid_until is before decided_on")
    table.close()
    return found
