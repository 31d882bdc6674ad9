"""Handing an incident over: the sealed evidence package, the outbox that delivers it, and the channels it goes by."""
