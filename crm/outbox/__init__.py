"""Mail going out: a letter frozen as a value, pressed into bytes once, leased, sent, concluded."""
