"""What may become of tickets: random lives, races, whole years, held against a model that shares no code."""
