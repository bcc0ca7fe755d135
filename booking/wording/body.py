"""The regions of the body and the techniques, as people say them."""

from collections.abc import Iterable

_REGIONS = {
    "head_face": "Head and face",
    "neck_posterior": "Back of the neck",
    "neck_lateral": "Side of the neck",
    "neck_anterior": "Front of the neck",
    "supraclavicular": "Above the collarbone",
    "scapular": "Shoulder blade",
    "thorax": "Chest and ribs",
    "lumbar": "Lower back",
    "gluteal_hip": "Buttock and hip",
    "ankle_foot": "Ankle and foot",
}
_TECHNIQUES = {
    "trigger_point": "Trigger points",
    "retention": "Needles left in place",
    "retention_without_stimulation": "Needles left in place without stimulation",
    "electro": "With electricity",
    "perineural": "Around nerves",
    "scar": "Scars",
    "auricular": "Points of the ear",
    "distal": "Distal points",
}


def part(word: str) -> str:
    """`Head and neck` for `head_and_neck`."""
    return _plain(word)


def region(word: str) -> str:
    """`Lower back` for `lumbar`."""
    return _REGIONS.get(word) or _plain(word)


def regions(several: Iterable[str]) -> str:
    """`Shoulder, upper arm, elbow`, in the order given."""
    return ", ".join(map(region, several)).capitalize()


def technique(word: str) -> str:
    """`Trigger points` for `trigger_point`."""
    return _TECHNIQUES.get(word) or _plain(word)


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
