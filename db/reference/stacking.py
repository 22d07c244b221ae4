"""The definitions of stacking that the service ships."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources.abc import Traversable

from db.core.stacking_definition import StackingDefinition, nplv_definition
from db.reference.entries import read_entries

_FILE = "stacking.toml"


def stacking_definitions(home: Traversable) -> Iterator[StackingDefinition]:
    """Every definition of `stacking.toml`, in its order; a country need not have any."""
    if not (home / _FILE).is_file():
        return
    for entry in read_entries(home, _FILE, key="definition", name="slug"):
        made = nplv_definition(
            education=entry.texts("education"),
            poverty=entry.texts("poverty"),
            health=entry.texts("health"),
            work=entry.texts("work"),
            housing=entry.texts("housing"),
            safety=entry.texts("safety"),
            version=entry.number("version"),
        )
        name_nl, name_en = entry.both("name")
        yield replace(made, slug=entry.text("slug"), name_nl=name_nl, name_en=name_en)
        entry.close()
