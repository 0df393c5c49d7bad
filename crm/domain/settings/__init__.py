"""The unit, its lists, its holidays, its series and its switches."""
