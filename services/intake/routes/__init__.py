"""What arrives over HTTP: from the window and the feeds, and from the citizen; `service.py` puts them together."""
