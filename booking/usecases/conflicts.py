"""What speaks against booked visits as things stand, found for many at once and kept as findings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.conflict import ALL, Away, Conflict, Detail, Facts, conflicts
from booking.domain.eligibility import Colleague, Eligibility, evaluate
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, PractitionerId, SiteId
from booking.domain.time.span import END, NEVER, TimeSpan
from booking.store import absences, appointments, clinics, findings
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases.papers import Papers, ask_of, birthday
from booking.usecases.supervising import colleagues, supervisors_at


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which visits are looked at: of these people, at these sites, or all; and for which kinds of conflicts."""

    practitioners: Collection[PractitionerId] | None = None
    sites: Collection[SiteId] | None = None
    kinds: Collection[Conflict] = ALL


Found = Mapping[AppointmentId, Mapping[Conflict, Detail]]
"""What speaks against each visit that is not over, in the order of time."""


def settle(tx: Transaction, clinic_id: ClinicId, now: datetime, scope: Scope) -> Found:
    """Open, restate and close findings until they say what is so; no visit is changed.

    The caller's locks keep out whoever else could change a visit of the scope, or what these kinds follow from.
    """
    wanted = _found(tx, clinic_id, now, scope)
    about = findings.About(kinds=scope.kinds, practitioners=scope.practitioners, sites=scope.sites)
    known = {(one.appointment_id, Conflict(one.kind)): one for one in findings.still_open(tx, clinic_id, about)}
    new = [(visit, kind, detail) for visit, each in wanted.items() for kind, detail in each.items()]
    findings.open_many(tx, clinic_id, [one for one in new if one[:2] not in known], now)
    true = {(visit, kind): detail for visit, kind, detail in new}
    changed = {one.id: true[key] for key, one in known.items() if key in true and true[key] != one.detail}
    findings.restate(tx, clinic_id, changed)
    findings.close_many(tx, clinic_id, [one.id for key, one in known.items() if key not in true], now)
    return wanted


def eligibilities(
    tx: Transaction, about: Description, now: datetime, practitioners: Collection[PractitionerId] | None = None
) -> Callable[[Appointment], Eligibility]:
    """Answers when a visit's practitioner, of these or of all, may give what was agreed; asks each question once.

    A visit that may need a supervisor is asked about by itself: who is there then decides it.
    """
    papers = Papers(tx=tx, clinic_id=about.clinic.id)
    papers.know(about.practitioners if practitioners is None else practitioners)
    answers: dict[object, Eligibility] = {}

    def answer(visit: Appointment) -> Eligibility:
        site, who = about.sites[visit.site_id], about.practitioners[visit.practitioner_id]
        could, born = supervisors_at(about, site, [who]), birthday(tx, about, visit.patient_id)
        key = visit.id if could else (who.id, site.id, visit.agreed.needling, born)
        if key not in answers:
            others = colleagues(tx, about, papers, site, could, visit.span, now, but=visit.id)
            in_room = tuple(one if one.practitioner.id == visit.supervisor_id else _busy(one) for one in others)
            ask = ask_of(about, papers, who, site, visit.agreed.needling, in_room, born)
            answers[key] = evaluate(about.rules.get(site.jurisdiction), ask)
        return answers[key]

    return answer


def _busy(colleague: Colleague) -> Colleague:
    """One who is not to be in the room, whoever else is."""
    return replace(colleague, free=NEVER)


def _found(tx: Transaction, clinic_id: ClinicId, now: datetime, scope: Scope) -> Found:
    about = clinics.read(tx, clinic_id)  # it may be about to change
    eligibility = eligibilities(tx, about, now, scope.practitioners)
    away = _away(tx, about, now, scope)
    everywhere = about.sites if scope.sites is None and scope.practitioners is None else scope.sites
    visits = appointments.booked_after(tx, clinic_id, now, scope.practitioners, everywhere)
    return {visit.id: conflicts(visit, _facts(visit, about, eligibility(visit), away), scope.kinds) for visit in visits}


def _away(tx: Transaction, about: Description, now: datetime, scope: Scope) -> Mapping[DiaryId, list[Away]]:
    """The absences that are not over, by whose they are."""
    people = about.practitioners if scope.practitioners is None else scope.practitioners
    things = (*about.rooms, *about.equipment) if scope.practitioners is None else ()
    whose = [DiaryId(one) for one in (*people, *things)]
    found = defaultdict[DiaryId, list[Away]](list)
    for one in absences.listed(tx, about.clinic.id, whose, TimeSpan(now, END)):
        found[one.diary_id].append(Away(days=one.days, span=one.span, reason=one.reason))
    return found


def _facts(
    visit: Appointment, about: Description, eligibility: Eligibility, away: Mapping[DiaryId, list[Away]]
) -> Facts:
    rooms = [] if visit.room_id is None else [about.rooms[visit.room_id]]
    return Facts(
        practitioner=about.practitioners[visit.practitioner_id],
        eligibility=eligibility,
        site=about.sites[visit.site_id],
        timetable=about.timetables[visit.site_id],
        things=(*rooms, *(about.equipment[one] for one in sorted(visit.equipment_ids))),
        away=away,
    )
