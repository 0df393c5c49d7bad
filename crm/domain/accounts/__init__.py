"""Staff accounts: who may sign in, and what a role may do."""
