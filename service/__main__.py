"""`python -m service` is `leefbaarheid`."""

from service.cli import app

app(prog_name="leefbaarheid")
