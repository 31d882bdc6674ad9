"""The control-room console of a municipal smart-city centre (스마트도시센터)."""

__version__ = "0.1.0"
