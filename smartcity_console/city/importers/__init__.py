"""Brings outside data into the catalogue: the good rows go in, every bad one is told by line, column, value and why."""
