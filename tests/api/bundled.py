"""Bundles of evidence, unpacked and read."""

import csv
import io
import zipfile

import httpx


async def zip_at(client: httpx.AsyncClient, address: str) -> bytes:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def unpacked(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {each.filename: archive.read(each) for each in archive.infolist()}


def rows_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    text = files["gegevens.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def number(text: str) -> float | None:
    return float(text) if text else None


def columns_unexplained(files: dict[str, bytes]) -> set[str]:
    """Columns of the tables that the method does not name, in either language."""
    said = [files[f"methode.{language}.md"].decode() for language in ("nl", "en")]
    headers = [files[name].decode().partition("\r\n")[0] for name in files if name[-4:] == ".csv"]
    columns = {each for header in headers for each in header.split(",")} - {"indicator"}
    # Those of a domain are named after it.
    named = {f"{each.partition('_')[0]}_…" if "_" in each else each for each in columns}
    return {each for each in named for text in said if f"`{each}`" not in text}
