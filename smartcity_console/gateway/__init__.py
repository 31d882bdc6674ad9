"""The headless program: receives alerts, records the ring, carries out hand-offs, relays live views."""

from smartcity_console.gateway.program import run_gateway

__all__ = ["run_gateway"]
