"""The director: decides what of a scenario happens when, and carries it out at the doors that real senders use."""
