"""The rooms: each subject is its rules, models, queries, letters and services."""
