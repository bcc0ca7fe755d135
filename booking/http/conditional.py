"""Conditional requests and content coding, as RFC 9110 has them."""

import re

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether If-None-Match names this tag: `*`, or a list, compared weakly (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip, or anything, is accepted with a weight above zero (RFC 9110, 12.5.3)."""
    weights = dict(_weighted(part) for part in accept_encoding.casefold().split(",") if part.strip())
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, weight = parameter.strip().partition("=")
    if name.strip() != "q":
        return coding.strip(), 1.0
    try:
        return coding.strip(), float(weight)
    except ValueError:
        return coding.strip(), 0.0
