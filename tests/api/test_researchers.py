"""What docs/researchers.md tells to do gives the frames it says, and absence survives in them."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.api.listening import listening
from tests.api.resting import Held, rest_app
from tests.api.sample import SampleStore, open_sample

_TEXT = (Path(__file__).parents[2] / "docs" / "researchers.md").read_text()
_EXAMPLE = "https://leefbaarheid.example"


def _lines(title: str) -> str:
    """The Python under a heading."""
    found = re.search(rf"^## {title}\n\n```python\n(.*?)```", _TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def _run(title: str, service: str) -> dict[str, Any]:
    frames: dict[str, Any] = {}
    exec(_lines(title).replace(_EXAMPLE, service), frames)
    return frames


@pytest.fixture
async def service() -> AsyncIterator[str]:
    store = SampleStore()
    async with listening(application=rest_app(Held(store, await open_sample(store)))) as port:
        yield f"http://127.0.0.1:{port}"


async def test_pandas_tells_hidden_values_from_those_that_do_not_apply(service: str) -> None:
    frames = await asyncio.to_thread(_run, "pandas", service)
    plain, typed = frames["frame"], frames["typed"]
    assert len(plain) == len(typed) == 15
    assert plain["waarde"].fillna(-1).tolist() == typed["waarde"].fillna(-1).tolist()
    assert str(typed["status"].dtype) == "category"
    absent = frames["absent"].to_dict()
    assert absent["SUPPRESSED"] == 1
    assert absent["NOT_APPLICABLE"] == 2
    assert typed[typed["waarde"] == 0]["status"].tolist() == ["OBSERVED", "OBSERVED"]


async def test_geopandas_has_shapes_figures_and_why_one_is_not_there(service: str) -> None:
    frames = await asyncio.to_thread(_run, "geopandas", service)
    areas, metres, hidden = frames["areas"], frames["metres"], frames["hidden"]
    assert (areas.crs.to_epsg(), metres.crs.to_epsg()) == (4326, 28992)
    assert hidden["code"].tolist() == ["WK900103"]
    assert hidden["population"].isna().all()
    assert hidden.geometry.tolist() == [None]
    assert areas.geometry.notna().sum() == len(areas) - 1 == 4


async def test_polars_reads_several_indicators_and_a_few_columns(service: str) -> None:
    frames = await asyncio.to_thread(_run, "polars", service)
    frame, some = frames["frame"], frames["some"]
    assert set(frame["indicator"].to_list()) == {"population", "lonely"}
    assert not frame["waarde"].is_nan().any()
    assert some.columns == ["code", "jaar", "waarde", "reden"]
    assert some.to_dicts() == frame.select(some.columns).to_dicts()
    absent = {(each["status"], each["reden"]): each["len"] for each in frames["absent"].to_dicts()}
    assert sum(absent.values()) == frame["waarde"].null_count() > 0
    assert {"SUPPRESSED", "NOT_APPLICABLE"} <= {status for status, _ in absent}


async def test_duckdb_counts_rows_by_status(service: str, tmp_path: Path) -> None:
    lines = _lines("DuckDB").replace(_EXAMPLE, service)
    url = re.search(r'url = "(.*)"', lines)
    assert url is not None
    path = tmp_path / "waarnemingen.parquet"
    path.write_bytes(await asyncio.to_thread(lambda: urlopen(url[1]).read()))
    frames: dict[str, Any] = {}
    await asyncio.to_thread(exec, lines.replace(url[1], str(path)), frames)
    assert frames["rows"]["SUPPRESSED"] == 1
    assert frames["rows"]["NOT_APPLICABLE"] == 2
    assert sum(frames["rows"].values()) == 15
