"""What every operation says of itself: whom it is for, and how it may refuse."""

from typing import Any

from booking.http.access import Access

ALWAYS = ("invalid-input", "unauthenticated", "not-found", "internal-error", "unavailable")
"""The refusals that any operation of a clinic can give."""


def open_to(access: Access, *refusals: str) -> dict[str, Any]:
    """The `opt` of a handler: who may call it, and the codes of its refusals beside ALWAYS."""
    closed = () if access is Access.PUBLIC else ("not-permitted",)
    return {"access": access, "refusals": (*ALWAYS, *closed, *refusals)}
