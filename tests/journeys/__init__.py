"""The whole journey, in a real browser, through a house that runs its own processes."""
