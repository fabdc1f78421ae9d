"""Telling people and programs outside the hall: a durable outbox, signed webhooks, Web Push, and
the contacts that citizens gave for it. Never in the path of a call: it follows the journal."""
