"""The file as a whole, and what only the whole can show."""

import tomllib

from booking.domain.errors import ClinicInvalid
from booking.domain.reading import Table
from booking.usecases.clinic_file.model import FORMAT, ClinicFile
from booking.usecases.clinic_file.reading.clinic import clinic, decision, rules
from booking.usecases.clinic_file.reading.people import practitioner
from booking.usecases.clinic_file.reading.places import site
from booking.usecases.clinic_file.reading.together import faults_together
from booking.usecases.clinic_file.reading.treatments import treatment


def read_clinic(text: str) -> ClinicFile:
    """Raises ClinicInvalid, which names every fault by the place it stands at.

    What only the file as a whole can show is looked at when each part is sound.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClinicInvalid([f"this is not TOML: {error}"]) from error
    root = Table(place="the file", left=data, faults=[])
    if root.whole("format") != FORMAT:
        root.fault(f"format must be {FORMAT}")
    about = root.take("clinic", dict)
    found = ClinicFile(
        clinic=clinic(Table(place="clinic", left=about or {}, faults=root.faults)),
        rules=tuple(rules(table) for table in root.tables("rules", "rules")),
        decisions=tuple(decision(table) for table in root.tables("owner_decision", "owner_decision")),
        sites=tuple(site(table) for table in root.tables("site", "site")),
        treatments=tuple(treatment(table) for table in root.tables("treatment", "treatment")),
        practitioners=tuple(practitioner(table) for table in root.tables("practitioner", "practitioner")),
    )
    root.close()
    faults = root.faults or list(faults_together(found))
    if faults:
        raise ClinicInvalid(faults)
    return found
