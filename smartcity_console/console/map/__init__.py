"""The map: base tiles painted off the GUI thread, live marks over them. One layer, one file."""

from smartcity_console.console.map.widget import MapWidget

__all__ = ["MapWidget"]
