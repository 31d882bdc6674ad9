"""The supervisor's window: table of priorities, shelves, senders that are late, locked evidence."""
