"""The director: plays a scenario through the doors that real senders use, and says in the journal what it did."""
