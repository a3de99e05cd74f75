"""The bodies that HTTP takes and gives, one module for each room of the API."""
