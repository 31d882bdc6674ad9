"""The sample incident from alert to closed without a person, through the very operations that the buttons call."""
