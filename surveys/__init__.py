"""Asking so that nobody can tell who answered what: windows, sealed tallies, and what is released to whom."""
