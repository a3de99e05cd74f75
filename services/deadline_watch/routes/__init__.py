"""What arrives over HTTP beside the lists of `service.py`."""
