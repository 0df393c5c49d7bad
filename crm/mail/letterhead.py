"""The office a letter comes from: what stands above and below it, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letterhead:
    """Names, address and signatory. A field with an `_ur` twin is read in the language of the letter.

    address: lines under the name of the office. from_address: what the mail is from; mail_domain: of Message-IDs.
    signature: a scanned signature as PNG, printed above the post; none leaves room for a pen.
    """

    unit: str
    bureau: str
    signatory: str
    from_address: str
    mail_domain: str
    unit_ur: str = ""
    bureau_ur: str = ""
    signatory_ur: str = ""
    government: str = "Government of Pakistan"
    government_ur: str = "حکومتِ پاکستان"
    address: tuple[str, ...] = ()
    address_ur: tuple[str, ...] = ()
    phone: str = ""
    website: str = ""
    signature: bytes = b""
