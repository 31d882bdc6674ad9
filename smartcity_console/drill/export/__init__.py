"""A real incident becomes a drill: a closed incident exported as a scenario without anybody in it."""

from smartcity_console.drill.export.writing import Exported, export_incident

__all__ = ["Exported", "export_incident"]
