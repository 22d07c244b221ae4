"""Files of the REST contract: what can be asked of them and how each format is written."""
