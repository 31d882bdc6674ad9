"""What a centre talks about. Pure: no input or output, no clock, no Qt."""
