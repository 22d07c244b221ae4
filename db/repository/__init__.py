"""The way out: named queries in, core values out; one module a noun."""
