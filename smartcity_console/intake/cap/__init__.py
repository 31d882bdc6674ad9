"""OASIS CAP 1.2 documents (disaster messages): by the signed webhook and from a watched folder."""
