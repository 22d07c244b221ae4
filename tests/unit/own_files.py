"""A metadata file of somebody's own and its table, right until a test changes them."""

from datetime import date

from db.core.own import OwnCell, OwnData, Problems
from db.sources.own_metadata import read_metadata
from db.sources.own_table import read_own_table

TODAY = date(2026, 3, 1)
METADATA = """
id = "bureau-advies"

[source]
publisher = "Bureau"
name_nl = "Eigen cijfers"
name_en = "Own figures"
url = "https://example.org"
licence = "CC0-1.0"
attribution_nl = "Bron: Bureau"
attribution_en = "Source: Bureau"

[indicators.hardship]
name_nl = "Ongemak"
name_en = "Hardship"
description_nl = "Wat ongemak is."
description_en = "What hardship is."
domain = "poverty"
unit_nl = "%"
unit_en = "%"
measures = "stock"
direction = "lower_is_better"
kind = "share"
aggregation = "weighted_mean"
denominator = "population"
nature = "measured"
decimals = 1

[[tables]]
file = "hardship.csv"
level = "wijk"
vintage = 2024
encoding = "utf-8"
separator = ";"
decimal = ","
code = "wijk"
year = "jaar"
absent = { "x" = "SUPPRESSED", "" = "UNKNOWN" }
columns = [{ indicator = "hardship", value = "deel" }]
"""
TABLE = b"wijk;jaar;deel\r\nWK900100;2023;12,5\r\nWK900101;2023;x\r\n"


def metadata(text: str = METADATA) -> OwnData:
    problems = Problems()
    found = read_metadata("own.toml", text.encode(), problems)
    assert found is not None, problems.listed
    return found


def refused(text: str | bytes) -> list[str]:
    """What is wrong with a metadata file, without its name."""
    problems = Problems()
    content = text if isinstance(text, bytes) else text.encode()
    assert read_metadata("own.toml", content, problems) is None
    return [each.removeprefix("own.toml: ") for each in problems.listed]


def read(content: bytes, *changes: tuple[str, str]) -> tuple[list[OwnCell], list[str]]:
    """Cells of the one indicator, and what is wrong, of a table under changed metadata."""
    text = METADATA
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    problems = Problems()
    (table,) = metadata(text).tables
    cells = read_own_table(table, content, TODAY, problems)
    return cells.get("hardship", []), problems.listed
