"""The collaboration timeline."""
