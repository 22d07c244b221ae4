"""What docs/researchers.md tells to do gives the frames it says, and absence survives in them."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import geopandas
import polars as pl
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.api.listening import listening
from tests.api.mapped import MappedStore
from tests.api.resting import Held, rest_app
from tests.api.sample import SampleStore, open_sample

_TEXT = (Path(__file__).parents[2] / "docs" / "researchers.md").read_text()
_EXAMPLE = "https://leefbaarheid.example"


def _lines(title: str, language: str = "python", which: int = 0) -> str:
    """The code under a heading."""
    part = _TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return found[which]


def _run(title: str, service: str, which: int = 0) -> dict[str, Any]:
    frames: dict[str, Any] = {}
    exec(_lines(title, which=which).replace(_EXAMPLE, service), frames)
    return frames


@pytest.fixture
async def service() -> AsyncIterator[str]:
    store = SampleStore()
    async with listening(application=rest_app(Held(store, await open_sample(store)))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def mapped() -> AsyncIterator[str]:
    """The same with a map, at the address that its links name."""
    store = MappedStore()
    held = Held(store, await open_sample(store))
    apps: list[ASGIApp] = [rest_app(held)]

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[0](scope, receive, send)

    async with listening(application=later) as port:
        address = f"http://127.0.0.1:{port}"
        apps[0] = rest_app(held, address)
        yield address


async def test_pandas_tells_hidden_values_from_those_that_do_not_apply(service: str) -> None:
    frames = await asyncio.to_thread(_run, "pandas", service)
    plain, lines, typed = frames["frame"], frames["lines"], frames["typed"]
    for frame in (plain, lines, typed):
        assert len(frame) == 15
        assert frame["waarde"].fillna(-1).tolist() == typed["waarde"].fillna(-1).tolist()
        assert frame["status"].tolist() == typed["status"].tolist()
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


def _read(url: str, format_: str) -> Any:
    if format_ == "geoparquet":
        return geopandas.read_parquet(BytesIO(urlopen(f"{url}&f={format_}").read()))
    with warnings.catch_warnings():
        # Of GeoPackage: an address does not end in .gpkg.
        warnings.simplefilter("ignore", RuntimeWarning)
        return geopandas.read_file(f"{url}&f={format_}")


async def test_absence_is_the_same_in_a_frame_of_every_format_of_areas(service: str) -> None:
    url = f"{service}/v1/gebieden?niveau=wijk&indicatoren=population"
    for format_ in ("fgb", "geojson", "gpkg", "geoparquet"):
        areas = (await asyncio.to_thread(_read, url, format_)).sort_values("code")
        hidden = areas[areas["population"].isna()]
        assert str(areas["population"].dtype) == "float64"
        assert dict(zip(hidden["code"], hidden["population_status"], strict=True)) == {
            "WK900103": "SUPPRESSED", "WK900199": "NOT_APPLICABLE",
        }, format_  # fmt: skip
        assert areas[areas.geometry.isna()]["code"].tolist() == ["WK900103"]


async def test_polars_reads_several_indicators_and_a_few_columns(service: str) -> None:
    frames = await asyncio.to_thread(_run, "polars", service)
    frame, some = frames["frame"], frames["some"]
    assert set(frame["indicator"].to_list()) == {"population", "lonely"}
    assert not frame["waarde"].is_nan().any()
    assert some.columns == ["code", "jaar", "waarde", "reden"]
    assert some.to_dicts() == frame.select(some.columns).to_dicts()
    of_2024 = frame.filter(pl.col("jaar") == 2024)
    for other, here in ((frames["lines"], frame), (frames["table"], of_2024)):
        for name in ("code", "jaar", "waarde", "ondergrens", "status", "reden"):
            assert other[name].cast(here[name].dtype).to_list() == here[name].to_list()
        assert (other["waarde"].dtype, other["status"].dtype) == (pl.Float64, pl.Categorical)
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


async def test_duckdb_counts_a_frame_as_it_is(service: str) -> None:
    known = (await asyncio.to_thread(_run, "DuckDB", service, 1))["known"]
    assert (known["SUPPRESSED"], known["NOT_APPLICABLE"]) == ((1, 0), (2, 0))
    assert sum(n for n, _ in known.values()) == 15
    assert known["OBSERVED"][0] == known["OBSERVED"][1] > 0


_SEEN = """
writeLines(jsonlite::toJSON(list(
  absent = as.list(absent), rows = c(nrow(frame), nrow(lines)),
  same = identical(frame$waarde, as.double(lines$waarde)),
  classes = c(class(frame$status), class(frame$waarde), class(items$population)),
  shapeless = sf::st_is_empty(areas), hidden = areas$code[areas$population_status == "SUPPRESSED"],
  unknown = items$population_reden[is.na(items$population)]
), auto_unbox = TRUE))
"""


def _in_r(service: str) -> dict[str, Any]:
    wanted = "quit(status = !all(sapply(c('readr', 'jsonlite', 'sf'), requireNamespace)))"
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    if subprocess.run(["Rscript", "-e", wanted], capture_output=True).returncode:
        pytest.skip("R lacks one of readr, jsonlite and sf")
    lines = _lines("R", "r").replace(_EXAMPLE, service) + _SEEN
    # A proxy of this machine knows nothing of a service on it.
    own = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    ran = subprocess.run(["Rscript", "-"], input=lines, text=True, capture_output=True, env=own)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


async def test_r_has_absence_as_factors_and_shapes_that_may_be_empty(mapped: str) -> None:
    found = await asyncio.to_thread(_in_r, mapped)
    assert found["absent"]["SUPPRESSED"] == 1
    assert found["absent"]["NOT_APPLICABLE"] == 2
    assert found["absent"]["OBSERVED"] == 0
    assert (found["rows"], found["same"]) == ([15, 15], True)
    assert found["classes"] == ["factor", "numeric", "numeric"]
    assert sum(found["shapeless"]) == 1
    assert found["hidden"] == "WK900103"
    assert found["unknown"] == ["CONFIDENTIAL", "WATER_OR_ABROAD"]
