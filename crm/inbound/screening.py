"""What a mail carries is looked through before anything of it is stored: child identifiers, file kinds, texts."""

from dataclasses import dataclass

from crm.files.models import ScanState
from crm.files.service import StoredFile
from crm.guard import signature
from crm.guard.filenames import display_name
from crm.guard.media import Kind, judge
from crm.i18n import Message
from crm.inbound.attachments import Attachment
from crm.ports import Ports

UNREAD = Message("No machine could read this file; a person looks at it first.")


@dataclass(frozen=True)
class Screened:
    """The files of a mail or a form as they may be kept, their readable texts, and whether a child's number was met."""

    files: tuple[StoredFile, ...]
    texts: tuple[tuple[str, str], ...]
    is_held: bool


def holds_identifier(*texts: str) -> bool:
    """Whether any text carries what may be a child's number (security paper 5.2); an adult's signature does not."""
    return any(signature.screen(text).held for text in texts if text)


def masked(text: str) -> str:
    """`text` with every such number covered."""
    return signature.screen(text).text


def screen_files(attachments: tuple[Attachment, ...], ports: Ports) -> Screened:
    """Judge each file, then keep it. Where one carries a child's number nothing is kept, and the whole is held."""
    judged = [(one, judge(one.name, one.content)) for one in attachments]
    texts = [
        (display_name(one.name), ports.reader.text_of(one.content, verdict.media_type))
        for one, verdict in judged
        if verdict.kind is Kind.NORMAL and verdict.readable
    ]
    if holds_identifier(*(name for name, _ in texts), *(text.text for _, text in texts)):
        return Screened((), (), is_held=True)
    unread = {name for name, text in texts if not text.readable}
    files = []
    for one, verdict in judged:
        name = display_name(one.name)
        state, reason = _state(verdict.kind, verdict.readable and name not in unread, verdict.reason)
        files.append(_keep(one, name, verdict.media_type, state, reason, ports))
    return Screened(tuple(files), tuple((name, text.text) for name, text in texts if text.text.strip()), is_held=False)


def _state(kind: Kind, readable: bool, reason: Message) -> tuple[ScanState, Message]:
    if kind is Kind.REFUSED:
        return ScanState.REFUSED, reason
    if kind is Kind.HELD:
        return ScanState.HELD, reason
    return (ScanState.CLEAN, Message("")) if readable else (ScanState.UNREAD, UNREAD)


def _keep(one: Attachment, name: str, media_type: str, state: ScanState, reason: Message, ports: Ports) -> StoredFile:
    """Clean bytes go among the files; all others stay encrypted until a person has looked."""
    if state is ScanState.CLEAN:
        sha256, held_as = ports.blobs.put(one.content), None
    else:
        sha256, held_as = one.sha256, ports.quarantine.keep(one.content)
    return StoredFile(sha256, len(one.content), name, media_type, state, reason.text, one.inline, held_as)
