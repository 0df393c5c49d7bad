"""Lists of partners from JSON, CSV and XLSX: read, planned outside any lock, written in one short transaction."""
