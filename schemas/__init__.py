"""What the services say to each other and to the world: declared once, validated at both ends, no I/O."""
