"""Answering, and reading what was released."""
