"""An invented jurisdiction whose rules ask for much of what rules can ask for."""

INVENTED = """
jurisdiction = "XX"
name = "Everyland"
version = "1"
confidence = "medium"
reviewed_on = 2026-11-22
review_by = 2027-05-22
source = { act = { title = "The Act", reference = "section 5" }, board = { title = "The Board" } }

[[grant]]
id = "old"
professions = ["physical_therapist"]
stance = "prohibited"
until = 2024-03-31
say = "Nobody might before April 2024"
source = ["act"]

[[grant]]
id = "pt"
professions = ["physical_therapist"]
stance = "permitted"
from = 2024-04-01
until = 2026-06-30
source = ["act"]
limit = { techniques_never = ["electro"], regions_never = ["head_face"] }

[[grant.require]]
id = "licence"
need = "licence"
compact = true
registers_excluded = ["provisional"]
say = "A licence or compact privilege"
source = ["act"]

[[grant.require]]
id = "cover"
need = "credential"
kind = "indemnity"
covers = ["regions", "techniques"]
say = "Indemnity that covers the treatment"
source = ["board"]

[[grant.require]]
id = "either"
say = "50 hours in person, or a year of practice here and 25 sessions"
source = ["board"]

[[grant.require.any]]
id = "hours"
need = "total"
of = "hours_total"
at_least = 50
where = { in_person = true }
say = "50 hours in person"

[[grant.require.any]]
id = "both"
say = "A year of practice here and 25 sessions"

[[grant.require.any.all]]
id = "years"
need = "practised"
years = 1
where_counted = "here"
say = "A year of practice here"

[[grant.require.any.all]]
id = "sessions"
need = "total"
of = "supervised_sessions"
at_least = 25
say = "25 sessions"

[[grant]]
id = "new"
professions = ["physical_therapist"]
stance = "permitted"
from = 2026-01-01
source = ["act"]
limit = { say = "Only knee and shoulder girdle", regions_only = ["knee", "upper_trapezius"] }

[[grant.require]]
id = "licence"
need = "licence"
issued_by = "XX"
restricted_ok = true
say = "A licence"
source = ["act"]

[[grant.require]]
id = "proof"
say = "Two years of practice and the endorsement"
source = ["board"]

[[grant.require.all]]
id = "years"
need = "practised"
years = 2
say = "Two years of practice"

[[grant.require.all]]
id = "endorsement"
need = "credential"
kind = "endorsement"
issued_by = "XX"
where = { grade = ["a", 2] }
say = "The endorsement"

[[grant]]
id = "at"
professions = ["athletic_trainer"]
stance = "permitted"
from = 2024-02-29
until = 2025-06-30
source = ["board"]
limit = { techniques_only = ["trigger_point"] }

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]

[[grant.require]]
id = "acupuncture"
need = "total"
of = "hours_total"
at_least = 30
where = { subject = "acupuncture" }
say = "30 hours of acupuncture"
source = ["board"]

[[grant]]
id = "at-later"
professions = ["athletic_trainer", "chiropractor"]
stance = "silent"
from = 2026-01-01
say = "The law is silent"
source = ["act"]

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]
"""
