"""Lists of partners come in whole, once, or with a reason."""
