"""Who may do what: tokens, the people of the center file, keys."""
