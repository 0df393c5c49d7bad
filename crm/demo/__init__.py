"""Sample data, the demo post office and the demo clock; only the app and the command line import it."""
