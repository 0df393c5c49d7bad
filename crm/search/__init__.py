"""One index over every subject, behind one function on both databases."""
