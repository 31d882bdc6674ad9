"""After-action report of a drill, the trainee's record over runs, and the drill's replay."""

from smartcity_console.drill.report.writing import ReportFiles, write_report

__all__ = ["ReportFiles", "write_report"]
