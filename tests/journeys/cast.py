"""Who takes part: the mailbox of each partner, named by what becomes of it."""

SOP = "SOP on First Contact of Police with a Juvenile"
WORKSHOP = "Validation workshop"
TYPES = ("National human-rights institution", "National NGO", "Court or judicial body")
PROVINCES = ("Islamabad Capital Territory", "Punjab")
THEMES = ("Juvenile justice",)
HOST = "National Police Bureau"
ADDED = (HOST, "Sahil", "Rozan")
TAKEN_OUT = "Lahore High Court"

WRITES = "focal.point@ncrc.example"  # a statutory commission: replies by e-mail, with a file
FILLS_IN = "focal.point@sparc.example"  # uses the private page, on a phone without scripts
SAYS_NIL = "focal.point@sanjog.example"  # is written to in Urdu, replies NIL
BOUNCES = "focal.point@nchr.example"
WRITES_FROM_HOME = "focal.point@jpp.example"  # answers from a private mailbox; an officer files it
IN_DOUBT = "focal.point@sahil.example"  # the same, and nobody has filed it yet
REGRETS = "focal.point@rozan.example"
IS_AWAY = "focal.point@law-watch.example"  # out of office: silent
SAYS_NOTHING = "focal.point@gdp.example"  # comes to the workshop, and is silent on the draft
COURT = "focal.point@ihc.example"
COURT_NAME = "Islamabad High Court"
SILENT = (IS_AWAY, SAYS_NOTHING)
RESTING = (WRITES, FILLS_IN, SAYS_NIL, BOUNCES, WRITES_FROM_HOME, IN_DOUBT, REGRETS)
"""Those whom no reminder may reach: answered, bounced, declined, paused."""
