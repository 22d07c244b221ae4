"""English twins of the Dutch texts that describe the REST contract, and how they are put in."""
