"""The texts of rule sets as they were adopted."""

from sqlalchemy import select

from booking.domain.ids import ClinicId
from booking.store.database import Transaction
from booking.store.tables import AdoptionRow, RuleTextRow, table

_adoption = table(AdoptionRow)
_rule_text = table(RuleTextRow)


def by_digest(tx: Transaction, digest: str) -> str | None:
    """The text of a rule set that was once adopted, found by its hash; nothing says that it still has that hash."""
    return tx.connection.execute(select(_rule_text.c.body).where(_rule_text.c.digest == digest)).scalar_one_or_none()


def adopted_text(tx: Transaction, clinic_id: ClinicId, jurisdiction: str) -> str | None:
    """The text the clinic goes by; None where it has adopted none."""
    query = (
        select(_rule_text.c.body)
        .join(_adoption, _adoption.c.digest == _rule_text.c.digest)
        .where(_adoption.c.clinic_id == clinic_id, _adoption.c.jurisdiction == jurisdiction)
    )
    return tx.connection.execute(query).scalar_one_or_none()
