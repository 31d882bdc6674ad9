"""The signed webhook: for firms that have no DC-09, with pictures and the address of a live view."""
