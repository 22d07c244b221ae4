"""The domain, pure: no I/O, no clock, no async. Only numpy, shapely and (in crs) pyproj."""
