"""Staff sign in and out. A session is a random token; the database has only its hash."""

from booking.domain.errors import Unauthenticated
from booking.domain.ids import ClinicId
from booking.http.context import Context
from booking.http.passwords import verify
from booking.http.tokens import digest, new_secret
from booking.usecases.staff import begin_session, end_session, is_stale, session_of, staff_to_check, touch_session
from booking.usecases.types import Session, Transaction


async def sign_in(
    context: Context, clinic_id: ClinicId, login: str, password: str, address: str
) -> tuple[str, Session]:
    """A new session and its token, which is shown once. `address` is where the attempt comes from.

    Raises Unauthenticated, the same for an unknown login as for a wrong password, and RateLimited.
    """
    who = f"{clinic_id}:{login.casefold()}"
    context.addresses.take(address)
    context.logins.take(who)
    member = await context.database.read(staff_to_check, clinic_id, login)
    right = await verify(None if member is None else member.password_hash, password)
    if member is None or not right:
        raise Unauthenticated("The login or the password is wrong.")
    context.logins.give_back(who)
    context.addresses.give_back(address)
    token = new_secret()
    return token, await context.database.write(begin_session, member, digest(token))


async def session_from(context: Context, token: str) -> Session | None:
    """The session this token opens; None when it is over, was idle for too long, or never was."""
    found, stale = await context.database.read(_session, digest(token))
    if stale:
        await context.database.write(touch_session, digest(token))
    return found


async def sign_out(context: Context, token: str) -> None:
    """The token opens nothing from here on."""
    await context.database.write(end_session, digest(token))


def _session(tx: Transaction, token_hash: str) -> tuple[Session | None, bool]:
    """The session, and whether it is time to write down that it is in use, which is done once a minute."""
    found = session_of(tx, token_hash)
    return found, found is not None and is_stale(tx, found)
