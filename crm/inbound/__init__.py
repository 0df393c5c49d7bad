"""The post door: mail coming in is kept, read, classified, matched, accepted and judged."""
