"""How a service answers: from the socket to the route, and what is refused on the way."""
