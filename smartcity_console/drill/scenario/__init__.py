"""Scenarios: the file, its checks, and the ones that ship."""
