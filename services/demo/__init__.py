"""Two weeks of a service center in half a minute, told from what the services themselves say: `bancheng demo`."""
