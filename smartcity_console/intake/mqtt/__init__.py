"""Analytics and sensors over an MQTT broker: Frigate's events and a plain JSON report."""
