"""What arrives over HTTP; `service.py` puts it into the service."""
