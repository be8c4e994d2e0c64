"""One function for each fact of the catalogue, from plain rows of one group or of all groups of a program.

Each is named as its fact and returns None while the fact is unknown. docs/facts.md says where each comes from.
"""
