"""The shape of a refusal, for the description of the API; `booking.http.problems` writes it."""

from msgspec import UNSET, UnsetType

from booking.api.answers import SlotAnswer
from booking.api.eligibility import ReasonAnswer
from booking.api.fields import Answer, Instant


class ProblemAnswer(Answer):
    """Problem details (RFC 9457). `code` says what is wrong and never changes its meaning.

    `field` names what was not understood; `reasons`, for staff, why a practitioner may not; `alternatives` the nearest
    times that are free; `references` the visits that overlap; `current_version` what the thing is at now; `by` and `at`
    who did it before, and when; `opens` from when on it can be done.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | UnsetType = UNSET
    action: str | UnsetType = UNSET
    current_version: int | UnsetType = UNSET
    reasons: list[ReasonAnswer] | UnsetType = UNSET
    alternatives: list[SlotAnswer] | UnsetType = UNSET
    references: list[str] | UnsetType = UNSET
    by: str | UnsetType = UNSET
    at: Instant | UnsetType = UNSET
    opens: Instant | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET
