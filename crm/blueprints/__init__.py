"""What staff and partners see: one blueprint a subject."""
