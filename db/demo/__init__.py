"""Voorbeeldland: a small fictional country with every real difficulty."""
