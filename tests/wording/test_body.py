"""Regions and techniques in words."""

from booking.domain.words import REGIONS, TECHNIQUES
from booking.wording import body


def test_names_differ_and_are_words() -> None:
    for names in ([body.region(one) for one in REGIONS], [body.technique(one) for one in TECHNIQUES]):
        assert len(set(names)) == len(names)
        assert [name for name in names if "_" in name or not name[0].isupper()] == []


def test_words_are_said_as_people_say_them() -> None:
    assert [body.region(one) for one in ("lumbar", "lower_leg", "knee")] == ["Lower back", "Lower leg", "Knee"]
    assert [body.technique(one) for one in ("scar", "superficial")] == ["Scars", "Superficial"]
    assert body.regions(["knee", "lumbar", "ankle_foot"]) == "Knee, lower back, ankle and foot"
    assert body.part("head_and_neck") == "Head and neck"
