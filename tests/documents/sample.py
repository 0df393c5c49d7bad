"""A small draft for these tests."""

from crm.documents.comments import ClauseRef

CLAUSES = {
    "7": "Apprehension is a last step. If the purpose can be met by speaking to the child and guardian, by a notice to"
    " appear, or by a referral, no arrest is made.",
    "8": "No force is used except the least that is needed to prevent immediate harm. Handcuffs, fetters and any"
    " degrading treatment are not used.",
    "9": "A girl is apprehended, searched and escorted only by a woman officer. If no woman officer is present, one is"
    " called at once and the delay is recorded.",
    "10": "The child's identity is not disclosed to the media, on social media, or to any person who does not need it"
    " for a lawful purpose. No photograph is taken for publicity.",
    "12": "A child with a disability, a refugee child, or a child of a minority faith receives the support needed.",
    "13": "The officer gives name, rank and police station, and says why the child has been stopped.",
    "14": "The officer asks the age of the child. If there is doubt, the officer acts as if the person is under"
    " eighteen until age is settled under Part E.",
    "39": "The station sends the district a monthly count of first contacts by sex, age band and outcome. The count"
    " holds no names.",
}
REFERENCES = [ClauseRef(number, text) for number, text in CLAUSES.items()]
