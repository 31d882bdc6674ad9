"""The window of senders: who reports, whether it is heard, what became of it, and the form that changes the register."""
