"""What the adapters promise of the outside world."""
