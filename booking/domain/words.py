"""The vocabulary that rules, credentials and treatments share, and what one word implies.

The words are the common ones of state and national rules on dry needling; the implied ones follow the insurance scheme
of the UK's Chartered Society of Physiotherapy, which leaves out the thorax "over or near lung" (in force 2024-07-01).
What else a word means in some jurisdiction, its rule set says.
"""

PROFESSIONS = frozenset({
    "physical_therapist", "physical_therapist_assistant", "physical_therapy_student", "occupational_therapist",
    "occupational_therapy_assistant", "athletic_trainer", "chiropractor", "acupuncturist", "osteopath", "podiatrist",
    "physician", "physician_assistant", "nurse", "midwife", "dentist", "naturopath", "heilpraktiker",
    "massage_therapist", "therapy_aide",
})  # fmt: skip

REGIONS = frozenset({
    "head_face", "neck_posterior", "neck_lateral", "neck_anterior", "supraclavicular", "shoulder", "upper_trapezius",
    "scapular", "thorax", "abdomen", "lumbar", "pelvis", "gluteal_hip", "thigh", "knee", "lower_leg", "ankle_foot",
    "upper_arm", "elbow", "forearm", "wrist", "hand",
})  # fmt: skip

TECHNIQUES = frozenset({
    "trigger_point", "superficial", "retention", "retention_without_stimulation", "electro", "perineural", "scar",
    "auricular", "distal",
})  # fmt: skip

SIDES = frozenset({"left", "right"})

CREDENTIAL_KINDS = frozenset({
    # who somebody is and may be
    "licence", "compact_privilege", "endorsement", "registration", "sub_register", "roster", "authorisation",
    "attestation", "acknowledgement", "board_approval", "board_confirmation", "accreditation", "scope_of_practice",
    "council_registration", "local_authority_registration", "skin_piercing_licence", "special_procedure_licence",
    "special_procedure_exemption", "public_health_risk_licence", "physician_protocol",
    # what somebody has learnt and done
    "training", "degree", "acupuncture_certificate", "cpr", "bloodborne", "infection_control_award",
    "thorax_safety_course", "practice",
    # who pays when something goes wrong
    "indemnity", "patient_insurance",
    # what a site is and may be
    "premises_approval", "special_treatment_licence", "special_treatment_exemption", "his_registration",
    "nhs_premises", "exempt_business", "infection_control_licence", "public_health_risk_registration",
    "local_authority_notification", "municipal_notification", "public_hospital", "doctor_on_site",
})  # fmt: skip

STATUSES = frozenset({"active", "applied", "transitional", "grace"})
"""How a credential stands at its issuer, in its attribute `status`."""

AMOUNTS = frozenset({
    "hours_total", "hours_in_person", "hours_didactic", "hours_practical", "hours_practicum", "hours_foundation",
    "hours_general", "hours_postgraduate", "hours_online", "hours_acupuncture", "hours_health_education",
    "hours_manual_trigger", "supervised_sessions", "licensed_sessions_elsewhere", "practice_hours", "days",
})  # fmt: skip
"""Attributes of credentials that are whole numbers and add up."""

ATTRIBUTES = AMOUNTS | {
    "earned", "subject", "status", "restricted", "register", "sites",
    "written_exam", "practical_exam", "final_exam", "hands_on", "in_person", "majority_in_person", "live",
    "board_approved", "approved_by", "programme_listed", "programme_recognised", "programme_confirmed",
    "instructor_competency", "includes_needling", "bloodborne_content", "clean_needle", "level", "grade", "title",
    "procedure", "scope", "claims_made", "agreement", "statement",
}  # fmt: skip
"""What a rule may ask of a credential besides its kind, issuer and reach."""

DOCUMENT_KINDS = frozenset({
    "needling_consent", "consent_recorded", "referral", "medical_order", "physician_consultation",
    "referrer_consultation", "training_disclosure", "treatment_plan", "secondary_prevention", "written_description",
})  # fmt: skip
"""Papers and entries a visit may need before it starts."""

CONTENT = frozenset({
    "risks", "material_risks", "special_risks", "benefits", "complications", "side_effects", "alternatives",
    "right_to_stop", "procedure", "practitioner_training", "not_acupuncture",
})  # fmt: skip
"""What a document may have to say."""

JURISDICTION = r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*"
"""The shape of a jurisdiction's name: a code of ISO 3166, such as US-WA."""

_OVER_LUNG = frozenset({"upper_trapezius", "scapular"})


def with_implied(regions: frozenset[str]) -> frozenset[str]:
    """The regions and those they imply: a needle in the upper trapezius or at the scapula is over the lung."""
    return regions | {"thorax"} if regions & _OVER_LUNG else regions
