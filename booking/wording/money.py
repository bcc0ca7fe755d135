"""Prices as people write them."""

_SYMBOLS = {
    "USD": "$", "GBP": "£", "EUR": "€", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "JPY": "¥", "INR": "₹", "KRW": "₩",
}  # fmt: skip
_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""Decimal places (ISO 4217) of the currencies that do not have two."""


def price(amount: int | None, currency: str | None) -> str:
    """`$95`, `£62.50`, `120 CHF`, `free`; empty when no price is known. `amount` is in the smallest unit."""
    if amount is None or currency is None:
        return ""
    if amount == 0:
        return "free"
    figure = _figure(amount, _DIGITS.get(currency, 2))
    symbol = _SYMBOLS.get(currency)
    return f"{figure} {currency}" if symbol is None else f"{symbol}{figure}"


def _figure(amount: int, digits: int) -> str:
    whole, part = divmod(amount, 10**digits)
    return f"{whole:,}.{part:0{digits}d}" if part else f"{whole:,}"
