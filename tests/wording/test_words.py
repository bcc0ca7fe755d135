import pytest

from booking.domain.credential import Verification
from booking.domain.treatment import Suits
from booking.domain.words import CREDENTIAL_KINDS
from booking.wording import words
from tests.domain.factories import make_credential


def test_kind_names_what_it_is_and_whose() -> None:
    assert words.kind(make_credential()) == "Licence, US-WA"
    assert words.kind(make_credential("training")) == "Training"


@pytest.mark.parametrize("kind", sorted(CREDENTIAL_KINDS))
def test_kind_has_no_underscore(kind: str) -> None:
    assert "_" not in words.kind(make_credential(kind))


@pytest.mark.parametrize("value", Verification)
def test_verification_has_words(value: Verification) -> None:
    assert words.verification(value)[0].isupper()


def test_words_have_spaces() -> None:
    assert words.words("physical_therapist") == "physical therapist"


@pytest.mark.parametrize(
    ("text", "said"), [("a licence", "A licence."), ("Is it so?", "Is it so?"), ("Done.", "Done."), ("", ".")]
)
def test_sentence_has_a_capital_and_an_end(text: str, said: str) -> None:
    assert words.sentence(text) == said


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed_ends_in_and(parts: list[str], said: str) -> None:
    assert words.listed(parts) == said


def test_suits_says_whom_a_treatment_is_for() -> None:
    assert [words.suits(one) for one in Suits] == ["", "For your first visit", "If you have been here before"]


def test_alternatives_end_in_or() -> None:
    several = [["Ada"], ["Ada", "Ben"], ["Ada", "Ben", "Cy"]]
    assert [words.alternatives(one) for one in several] == ["Ada", "Ada or Ben", "Ada, Ben or Cy"]
