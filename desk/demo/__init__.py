"""The demonstration: a fictional hospital, built by the same actions that people use."""
