"""Operations: one verb, one small file, one id for menu, button, key, palette and audit."""

from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState
from smartcity_console.console.operations.registry import Operations, standard_operations

__all__ = ["Group", "Operation", "Operations", "Reason", "SeatState", "standard_operations"]
