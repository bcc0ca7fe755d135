"""Style and icon, under a path that changes with them, so that browsers may keep them for ever."""

import hashlib
from importlib.resources import files

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from booking.domain.errors import NotFound
from booking.http.access import Access

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {one.name: one.read_bytes() for one in files("booking.web").joinpath("static").iterdir() if one.is_file()}
_DIGEST = hashlib.sha256(b"".join(_FILES[name] for name in sorted(_FILES))).hexdigest()[:16]

PATH = f"/static/{_DIGEST}"


@get("/static/{digest:str}/{name:str}", opt={"access": Access.PUBLIC}, sync_to_thread=False)
def asset(digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    content, kind = _FILES.get(name), _TYPES.get(name.rpartition(".")[2])
    if content is None or kind is None or digest != _DIGEST:
        raise NotFound("file")
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})


HANDLERS = [asset]
