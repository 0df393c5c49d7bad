"""The ladder of every open request, climbed."""
