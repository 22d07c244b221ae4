"""Vector tiles by OGC API Tiles: sets of tiles, what they say of themselves, and the tiles."""
