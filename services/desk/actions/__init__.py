"""What the desk does by itself: lets people in and out."""
