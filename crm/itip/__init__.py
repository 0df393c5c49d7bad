"""Calendar messages: invitation values to iTIP bytes, iTIP bytes to values (RFC 5545, 5546, 6047). Pure."""
