"""The private page of a request: a partner answers without an account."""
