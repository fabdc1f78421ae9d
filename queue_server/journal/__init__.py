"""The truth: an append-only log of entries. `log` is the interface, `sqlite` the engine."""
