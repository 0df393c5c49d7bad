"""Mail coming in: keep, parse, classify, match, accept, verdict. LMTP and IMAP feed it."""
