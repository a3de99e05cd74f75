"""The services of the house, what they stand on, and what puts them together."""
