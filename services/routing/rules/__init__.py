"""What routing decides. Pure."""
