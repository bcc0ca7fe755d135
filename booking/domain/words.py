"""The vocabulary that rules, credentials and treatments share, and what one word implies.

The words are the common ones of state and national rules on dry needling; the implied ones follow the insurance scheme
of the UK's Chartered Society of Physiotherapy, which leaves out the thorax "over or near lung" (in force 2024-07-01).
"""

PROFESSIONS = frozenset({
    "physical_therapist", "physical_therapist_assistant", "occupational_therapist", "athletic_trainer",
    "chiropractor", "acupuncturist", "osteopath", "podiatrist", "physician", "massage_therapist",
})  # fmt: skip

REGIONS = frozenset({
    "head_face", "neck_posterior", "neck_anterior", "shoulder", "upper_trapezius", "scapular", "thorax", "abdomen",
    "lumbar", "pelvis", "gluteal_hip", "thigh", "knee", "lower_leg", "ankle_foot", "upper_arm", "elbow", "forearm",
    "wrist", "hand",
})  # fmt: skip

TECHNIQUES = frozenset({
    "trigger_point", "superficial", "retention", "retention_without_stimulation", "electro", "perineural", "scar",
    "auricular", "distal",
})  # fmt: skip

CREDENTIAL_KINDS = frozenset({
    "licence", "compact_privilege", "endorsement", "registration", "roster", "training", "cpr", "bloodborne",
    "indemnity", "degree",
})  # fmt: skip

JURISDICTION = r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*"
"""The shape of a jurisdiction's name: a code of ISO 3166, such as US-WA."""

_OVER_LUNG = frozenset({"upper_trapezius", "scapular"})


def with_implied(regions: frozenset[str]) -> frozenset[str]:
    """The regions and those they imply: a needle in the upper trapezius or at the scapula is over the lung."""
    return regions | {"thorax"} if regions & _OVER_LUNG else regions
