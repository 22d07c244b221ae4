"""The way in: datasets become rows, blocks and a publication, in one transaction."""
