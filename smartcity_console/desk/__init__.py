"""The receiving web page of 112 and 119: hand-offs come in, are opened, accepted or refused, and units are sent."""
