"""Steering cameras from a seat: panel, on-screen stick, keys, gamepad; one driver says it all to the gateway."""
