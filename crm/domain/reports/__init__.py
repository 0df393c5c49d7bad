"""Read-only: timelines, dashboards, exports."""
