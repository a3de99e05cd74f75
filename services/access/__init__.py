"""Who may do what: tokens, and what the center file says today of the people who bear them."""
