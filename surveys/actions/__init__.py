"""Each is one transaction: opening a window, answering it, closing it, closing a pool."""
