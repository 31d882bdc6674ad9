"""Video: capture, ring, clips, stills and live relay. Packets are never re-encoded."""
