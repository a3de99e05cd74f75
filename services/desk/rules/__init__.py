"""What the desk decides by itself: passwords, locks, the second factor, what a page shows. Pure."""
