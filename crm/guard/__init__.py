"""Pure detectors: child identifiers, formula cells, unsafe file names and files."""
