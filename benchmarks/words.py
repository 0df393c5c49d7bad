"""Made-up names with the spread of real ones: many places, a few dozen kinds of office, a few themes."""

import random

KINDS = (
    ("Child Protection Bureau", "چائلڈ پروٹیکشن بیورو"),
    ("Social Welfare Department", "محکمہ سماجی بہبود"),
    ("Police Training College", "پولیس ٹریننگ کالج"),
    ("District and Sessions Court", "ضلعی و سیشن عدالت"),
    ("Bar Association", "بار ایسوسی ایشن"),
    ("Legal Aid Society", "لیگل ایڈ سوسائٹی"),
    ("Women Development Foundation", "ویمن ڈیولپمنٹ فاؤنڈیشن"),
    ("Probation and Reclamation Office", "دفتر پروبیشن و بحالی"),
    ("Human Rights Cell", "انسانی حقوق سیل"),
    ("Rural Support Programme", "رورل سپورٹ پروگرام"),
    ("Education Trust", "ایجوکیشن ٹرسٹ"),
    ("Hospital Child Unit", "ہسپتال چائلڈ یونٹ"),
    ("Prosecution Office", "دفتر استغاثہ"),
    ("Youth Forum", "یوتھ فورم"),
    ("University Law Department", "یونیورسٹی شعبہ قانون"),
    ("Community Care Welfare Society", "کمیونٹی کیئر ویلفیئر سوسائٹی"),
)
HEADS = (
    "Bah Chak Dar Fai Guj Har Isl Jal Kam Kha Lah Mir Mul Nar Now Okar Pak Raj Sah Shah Sia Suk Tal Umar Vehar Wazir"
)
TAILS = "abad alpur anwala dera garh gran iwal kot lkot nagar oki pind pur qila sar shera stan tang wali war"
TITLES = (
    ("Director (Legal)", "ڈائریکٹر (قانونی)"),
    ("Focal Person, Child Protection", "فوکل پرسن، تحفظِ اطفال"),
    ("Programme Manager", "پروگرام منیجر"),
    ("Deputy Secretary", "ڈپٹی سیکرٹری"),
    ("Registrar", "رجسٹرار"),
)


def places() -> list[str]:
    """About as many names of towns as the country has tehsils."""
    return [head + tail for head in HEADS.split() for tail in TAILS.split()]


def titled(source: random.Random) -> tuple[str, str]:
    """A post in both languages."""
    return source.choice(TITLES)
