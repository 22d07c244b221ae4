"""Payloads from a mirror folder, and the digest that knows unchanged input."""

import gzip
from pathlib import Path

import pytest

from db.core.errors import AnswerTooLarge, BrokenLoad, MissingFile
from db.core.figures import Parsed
from db.sources import folder as module
from db.sources.dataset import Dataset, Family, Payload
from db.sources.folder import digest, payload_from_folder


def unread(dataset: Dataset, payload: Payload) -> Parsed:
    raise AssertionError("these tests load nothing")


def dataset(**files: str) -> Dataset:
    return Dataset("kwb-2020", "cbs", Family.KWB, 2020, unread, files=files)


def written(folder: Path, **contents: bytes) -> dict[str, Path]:
    paths = {name: folder / name for name in contents}
    for name, content in contents.items():
        paths[name].write_bytes(content)
    return paths


def test_files_of_a_role_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("page-10.json", "page-2.json", "page-1.json", "other.txt"):
        (tmp_path / name).write_bytes(b"{}")

    payload = payload_from_folder(dataset(data="page-*.json"), tmp_path)

    assert [path.name for path in payload.get("data")] == [
        "page-1.json",
        "page-2.json",
        "page-10.json",
    ]


def test_a_missing_file_is_named_by_its_pattern(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_bytes(b"{}")

    with pytest.raises(MissingFile, match=r"kwb-2020.*Table\*\.json.*TableInfos") as caught:
        payload_from_folder(dataset(data="*.json", TableInfos="Table*.json"), tmp_path)

    assert str(tmp_path) not in str(caught.value)


def test_a_pattern_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(b"{}")
    (tmp_path / "mirror").mkdir()

    with pytest.raises(MissingFile):
        payload_from_folder(dataset(data="../secret.json"), tmp_path / "mirror")


def test_a_dataset_without_files_is_not_in_any_folder(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="mirror folder"):
        payload_from_folder(dataset(), tmp_path)


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 3)
    (tmp_path / "data.json").write_bytes(b"1234")

    with pytest.raises(AnswerTooLarge):
        payload_from_folder(dataset(data="*.json"), tmp_path)


def test_the_digest_is_of_contents_not_of_order_names_or_packing(tmp_path: Path) -> None:
    paths = written(tmp_path, a=b"one" * 5_000, b=b"two", c=gzip.compress(b"one" * 5_000))

    plain = Payload({"data": (paths["a"], paths["b"]), "count": (paths["b"],)})
    packed = Payload({"count": (paths["b"],), "data": (paths["b"], paths["c"])})

    assert digest(plain) == digest(packed)


def test_the_digest_changes_with_a_byte_a_role_or_the_coordinate_system(tmp_path: Path) -> None:
    paths = written(tmp_path, a=b"x" * 9_000, b=b"x" * 5_000 + b"y" + b"x" * 3_999)
    payloads = [
        Payload({"data": (paths["a"],)}),
        Payload({"data": (paths["b"],)}),
        Payload({"hits": (paths["a"],)}),
        Payload({"data": (paths["a"],)}, {"Content-Crs": "<EPSG/0/28992>"}),
    ]

    assert len({digest(payload) for payload in payloads}) == 4


@pytest.mark.parametrize(
    "form",
    [
        b'{"type":"FeatureCollection","timeStamp":"%s","features":[]}',
        b'{"features":["' + b"x" * 9_000 + b'"],"timeStamp": "%s","crs":{}}',
        b"<wfs:FeatureCollection timeStamp='%s' numberMatched='3'/>",
    ],
)
def test_the_time_of_answering_is_no_change(tmp_path: Path, form: bytes) -> None:
    paths = written(tmp_path, a=form % b"2026-01-01T00:00:00Z", b=form % b"2026-01-02T11:11:11.5Z")

    first, second = (digest(Payload({"data": (path,)})) for path in paths.values())

    assert first == second
