"""The queue: what waits for this seat, most urgent first."""
