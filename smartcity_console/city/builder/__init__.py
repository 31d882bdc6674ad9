"""Builds the sample city 가온시 from one seed. Not needed at run time; the only place that uses pyogrio."""
