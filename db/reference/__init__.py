"""Reference facts with their sources: indicators, programmes, focus areas, groups."""
