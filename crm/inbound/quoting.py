"""How mail programs announce what they quote, in some twenty languages: header lines, blocks, separators, sign-offs."""

import re

LONGEST_ANNOUNCEMENT = 500

VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|a[\s\xa0]écrit|a[\s\xa0]ecrit|ha[\s\xa0]scritto|escribi[óo]|escreveu|"
    r"schreef|skrev|"
    r"skrifaði|kirjoitti|napisał(?:\(?a\)?)?|napsala?(?:\(a\))?|napísala?|написал(?:а|\(а\))?|пишет|писала?|"
    r"написав|написала|"
    r"yazdı|írta|a[\s\xa0]scris|έγραψε|va[\s\xa0]escriure|đã[\s\xa0]viết|menulis|napisao|je[\s\xa0]napisao)(?!\w)"
    r"|ने\s*लिखा|пише\b|كتابة ما يلي|כתבה?|נכתב|نے\s*(?:لکھا|تحریر)|ne\s+likha|كتب|نوشت|כתב|写道|寫道|のメール|"
    r"さんは書きました|님이\s*작성|작성:",
    re.I,
)
PRONOUN = re.compile(
    r"\b(?:I|we|you|they|he|she|who|ich|wir|je|nous|ham|hum)\s+(?:have\s+|had\s+|"
    r"also\s+)?(?:wrote|writes|"
    r"schrieb|skrev)\b",
    re.I,
)
OPENING = re.compile(
    r"^(?:On|Am|Le|El|Em|Il|Op|Den|Dnia|W dniu|Dne|Dňa|På|Pada|Vào|A|Den|Um|Στις|El dia|Kl|Date|At|"
    r"在|于|發件|日時)\b",
    re.I,
)
FULL_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\d年")
DATED_NAME = re.compile(r"^\d{4}-\d\d-\d\d \d\d?:\d\d GMT[+-]\d\d:\d\d [^\n]{2,80}$")
HOUR = re.compile(r"\d{1,2}[:.]\d{2}\b")
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,253}")
MAILED_NAME = re.compile(r"(?:<|\[|&lt;)\s*(?:mailto:)?[^<>\s]{0,64}@[^<>\s]{1,253}")

_FROM = (
    "From|Von|De|Da|Fra|Från|Van|Od|От|От кого|Від|Kimden|Gönderen|Lähettäjä|Mittente|Feladó|Expéditeur|Remitente|"
    "De la|Από|Odesílatel|Odosielateľ|Pošiljatelj|Remetente|Afsender|Avsender|Avsändare|Afzender|差出人|发件人|寄件者|"
    "보낸 사람|보낸사람|منجانب|از طرف|من|از|فرستندہ"
)
_SENT = (
    "Sent|Date|Gesendet|Gesendet am|Datum|Envoyé|Envoyé le|Enviado|Enviado el|Enviada em|Data|Dato|Sendt|Skickat|"
    "Verzonden|Wysłano|Wysłane|Дата|Отправлено|Надіслано|Tarih|Gönderildi|Lähetetty|Päivämäärä|Inviato|Küldve|Fecha|"
    "Trimis|Ημερομηνία|Odesláno|Odoslané|Poslano|送信日時|日時|日付|发送时间|"
    "日期|寄件日期|보낸 날짜|날짜|تاریخ|التاريخ|"
    "بھیجا گیا|تم الإرسال|Sent at|Sent on|Dátum"
)
_TO = (
    "To|An|À|A|Til|Till|Aan|Do|Кому|Kime|Alıcı|Vastaanottaja|Címzett|Para|Către|Προς|Komu|Za|宛先|收件人|收件者|"
    "받는 사람|"
    "받는사람|بنام|إلى|به|Cc|CC|Kopie|Kopia|Kopi|Copie|Bcc"
)
_SUBJECT = (
    "Subject|Betreff|Objet|Oggetto|Asunto|Assunto|Emne|Ämne|Onderwerp|Temat|Тема|Konu|Aihe|Tárgy|Subiect|Θέμα|"
    "Předmět|Predmet|Zadeva|件名|主题|主旨|제목|موضوع|عنوان|الموضوع|Re|Sujet"
)


def _label(names: str) -> re.Pattern[str]:
    return re.compile(rf"^[\s>|*_]{{0,12}}(?:{names})[\s\xa0*_]{{0,3}}[:：]", re.I)


FROM_LINE = _label(_FROM)
BLOCK_LINES = (_label(_SENT), _label(_TO), _label(_SUBJECT))
DATE_INSIDE = re.compile(rf"\s(?:{_SENT})\s?[:：]", re.I)
BROKEN_OFF = re.compile(
    r"^>\s*(?:[:：]|wrote|schrieb|a écrit|ha scritto|escribió|escreveu|skrev|schreef|napisał|"
    r"написал|نے)",
    re.I,
)
SUBJECT_INSIDE = re.compile(rf"\s(?:{_SUBJECT})\s?[:：]", re.I)

_HISTORY = (
    r"Original (?:Message|Mail|E-?mail|Appointment)|Original message|Ursprüngliche (?:Nachricht|Mail|E-Mail)|"
    r"Originalnachricht|Message d['’]origine|Message original|Messaggio originale|Mensaje original|"
    r"Mensagem original|"
    r"Oprindelig (?:besked|meddelelse|e-mail)|Opprinnelig melding|Ursprungligt meddelande|Originalmeddelande|"
    r"Oorspronkelijk bericht|Alkuperäinen viesti|Wiadomość oryginalna|Oryginalna wiadomość|"
    r"Исходное сообщение|"
    r"Исходное письмо|Пересылаемое сообщение|Orijinal (?:Mesaj|İleti)|Eredeti üzenet|Mesaj original|"
    r"Αρχικό μήνυμα|"
    r"Původní (?:zpráva|e-mail)|Pôvodná správa|Izvorna poruka|Reply message|元のメッセージ|原始邮件|"
    r"原邮件|원본 메시지|"
    r"اصل پیغام|الرسالة الأصلية|پیام اصلی|Previous (?:message|replies)"
)
_FORWARD = (
    r"Forwarded (?:message|by)|Begin forwarded message|Weitergeleitete (?:Nachricht|Mail)|Message transféré|"
    r"Début du message (?:transféré|réexpédié)|Messaggio inoltrato|Inizio messaggio inoltrato|"
    r"Mensaje reenviado|"
    r"Mensagem encaminhada|Videresendt (?:besked|melding|meddelelse)|Vidarebefordrat meddelande|"
    r"Doorgestuurd bericht|"
    r"Välitetty viesti|Wiadomość przekazana|Przekazana wiadomość|Пересланное сообщение|İletilen (?:mesaj|"
    r"ileti)|"
    r"Továbbított üzenet|Mesaj redirecționat|Přeposlaná zpráva|転送メッセージ|转发邮件|آگے بھیجا گیا پیغام|"
    r"آگے بھیجا ہوا پیغام|رسالة معاد توجيهها"
)
SEPARATOR_LINE = re.compile(
    rf"^[\s>*_]*-{{2,}}[\s*_]*(?:{_HISTORY}|{_FORWARD})[^\n]{{0,80}}$|^[\s>*_]*(?:Begin forwarded message|"
    rf"Inizio messaggio "
    rf"inoltrato|Début du message (?:transféré|réexpédié))\s*[:：]?\s*$|"
    rf"^\s*[*_]{{1,2}}Previous Replies[*_]{{1,2}}\s*$"
    rf"|^\s*[*_]{{0,2}}(?:{_HISTORY})[*_]{{0,2}}\s*[:：]\s*$",
    re.I,
)
FORWARD_LINE = re.compile(rf"(?:{_FORWARD})", re.I)
REPLY_ABOVE = re.compile(
    r"^[\s>*#_=-]*(?:##-|-{2,}|#{2,}|\*{2,})?\s*(?:please\s+)?(?:reply|respond|write|"
    r"type your reply)\s+"
    r"above\s+(?:this|the)\s+line|^[\s>]*اس (?:لکیر|سطر) کے اوپر جواب",
    re.I,
)
RULE_LINE = re.compile(r"^\s*[_]{5,}\s*$|^\s*[-]{5,}\s*$|^\s*[=]{5,}\s*$")
QUOTED_LINE = re.compile(r"^\s{0,3}(?:>|\ue000|[A-Za-z]{1,3}>(?=\s|$))")

SIGNATURE_LINE = re.compile(r"^\s{0,2}(?:--|—|–|- -)\s*$")
LOOSE_SIGNATURE_LINE = re.compile(r"^\s{0,2}(?:_{2,}|-{3,}|\*{4,}|~{4,})\s*$")
SUBSTANCE = re.compile(
    r"\b(?:clauses?|sections?|sub-?sections?|para(?:graph)?s?|articles?|chapters?|amend\w*|delete|insert|propose\w*|"
    r"suggest\w*|recommend\w*|agreed?|object(?:ion)?s?|shall|kindly|annex\w*)\b|شق|دفعہ|تجویز|ترمیم|گزارش",
    re.I,
)
DEVICE_LINE = re.compile(
    r"^[\s*_(\[]*(?:(?:Sent|Mailed|Sent using|Sent via|Sent with|Send) (?:from|via|with|by|using)\b|Sent using\b|"
    r"Get Outlook for|Gesendet (?:von|mit)\b|Von meinem \w+ gesendet|"
    r"Diese Nachricht wurde von meinem|Envoyé (?:de|depuis|à partir de)\b|Inviato (?:da|dal)\b|Enviado (?:desde|"
    r"do|de|a partir)\b|"
    r"Sendt fra\b|Skickat från\b|Verzonden (?:vanaf|met|vanuit)\b|Verstuurd vanaf\b|Lähetetty \w+|Wysłano z\b|"
    r"Wysłane z\b|"
    r"Отправлено (?:с|из)\b|iPhone'umdan|iPhone'dan gönderildi|Odesláno z\b|Trimis de pe\b|Στάλθηκε από|Elküldve|"
    r"Download Outlook|Télécharger Outlook|Obtener Outlook|Yahoo Mail|.{0,30}から送信|发自我的|從我的|"
    r"나의 \w+에서 보냄|"
    r"میرے .{2,25} سے بھیجا|أرسل من|أُرسلت من)[^\n]{0,120}$",
    re.I,
)
FORWARDED_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|fw|wg|tr|rv|enc|i|vs|vb|pd|ynt ilt|ilt|doorst|"
    r"転送|转发|"
    r"آگے)\s*[:：]",
    re.I,
)
SHARED_LINE = re.compile(r"(?<=[^\s-])(-{2,4} On [^\n]{5,200} wrote:)[ \t]*$", re.M)
TURNING_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
EDGES = " \t\xa0-*_|>" + "\ue000"
