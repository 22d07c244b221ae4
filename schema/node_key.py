"""The text of an id: a GraphQL type and the key of an object of it, opaque to callers."""

from base64 import b64encode

from db.core.levels import Level

TYPE_NAMES = {level: level.value.capitalize() for level in Level}
"""The GraphQL type of the areas of each level."""


def id_text(kind: str, key: str) -> str:
    """The id of the object of a type that has a key."""
    return b64encode(f"{kind}:{key}".encode()).decode()
