import pytest

from booking.wording.money import price


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (9500, "USD", "$95"),
        (6250, "GBP", "£62.50"),
        (123456700, "EUR", "€1,234,567"),
        (105, "AUD", "A$1.05"),
        (12000, "CHF", "120 CHF"),
        (9500, "JPY", "¥9,500"),
        (9050, "KWD", "9.050 KWD"),
        (0, "USD", "free"),
        (None, "USD", ""),
        (9500, None, ""),
    ],
)
def test_price_is_written_as_its_currency_is(amount: int | None, currency: str | None, said: str) -> None:
    assert price(amount, currency) == said
