"""Drills: the same console on recorded feeds and scripted alerts."""
