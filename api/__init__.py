"""The channels: HTTP API, pages, command line, and the processes that serve them. Nothing imports from here."""
