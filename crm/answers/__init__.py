"""Where every answer of a partner enters, by whatever door it came."""
