"""Selection values of connectors."""

SYSTEMS = [
    ("form", "Web form"),
    ("email", "Email marketing"),
    ("ads", "Advertising"),
    ("automation", "Marketing automation"),
    ("telephony", "Telephony"),
    ("other", "Other"),
]

#: The two things that a call can bring.
ENDPOINTS = [("touchpoints", "Touches"), ("leads", "Leads")]

#: The mappings that come with the addon, as files in data/connectors.
PRESETS = [
    ("brevo", "Brevo: email events"),
    ("facebook", "Facebook lead ads: a lead as retrieved"),
    ("hubspot", "HubSpot: workflow webhook of a contact"),
    ("linkedin", "LinkedIn lead gen: a form response"),
    ("mailchimp", "Mailchimp: audience webhook"),
    ("typeform", "Typeform: form response"),
]

MAPPING_KINDS = [("path", "Path"), ("text", "Text with {paths}"), ("constant", "Fixed")]

CONVERSIONS = [
    ("as_is", "As it is"),
    ("number", "A number"),
    ("utc", "A moment without zone: UTC"),
    ("seconds", "Seconds since 1970"),
    ("milliseconds", "Milliseconds since 1970"),
]

WHEN_KNOWN = [
    ("touch", "Record a touch on the open opportunity"),
    ("lead", "Create another lead"),
]

WHEN_UNKNOWN = [
    ("reject", "Reject the touch, to be replayed later"),
    ("contact", "Create a contact and keep the touch there"),
]

REJECTION_STATES = [
    ("new", "To Do"),
    ("replayed", "Replayed"),
    ("dismissed", "Dismissed"),
]
