"""What a newcomer does with the command line, on a real store in a real process."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.embedded import running_dsn
from tests.api.service_process import ServiceProcess, leefbaarheid

WORKS = '{ wijk(code: "WK900210") { code vintage } }'
SECOND_START = 3.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the service has been started and stopped once."""
    place = tmp_path_factory.mktemp("newcomer") / "data"
    with ServiceProcess(place) as service:
        assert service.ask(WORKS)["data"]["wijk"]["code"] == "WK900210"
    return place


@pytest.fixture
def service(folder: Path) -> Iterator[ServiceProcess]:
    with ServiceProcess(folder) as started:
        yield started


def test_a_second_start_answers_within_three_seconds(service: ServiceProcess) -> None:
    assert service.seconds < SECOND_START


def test_it_says_where_it_serves_and_what_to_ask(service: ServiceProcess) -> None:
    assert service.process.stdout is not None
    said = [next(service.process.stdout) for _ in range(4)]
    assert said[0].split() == ["GraphiQL:", f"{service.address}/graphql"]
    assert said[3].startswith("{")


def test_an_interrupt_ends_the_process_and_its_postgres(
    folder: Path, service: ServiceProcess
) -> None:
    assert service.interrupt() == 0
    assert running_dsn(folder) is None


def test_a_killed_process_does_not_block_the_next_start(folder: Path) -> None:
    with ServiceProcess(folder) as first:
        first.kill()
    with ServiceProcess(folder) as second:
        assert second.ask(WORKS)["data"]["wijk"]["code"] == "WK900210"


def test_a_second_instance_on_the_same_folder_is_refused_and_told_why(
    folder: Path, service: ServiceProcess
) -> None:
    refused = leefbaarheid(folder, "up")
    assert refused.returncode == 1
    assert f"is in use by process {service.process.pid}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_demonstration_again_changes_nothing(folder: Path) -> None:
    again = leefbaarheid(folder, "demo")
    assert (again.returncode, again.stdout.splitlines()[-1]) == (
        0, "Nothing changed: nothing is published.",
    )  # fmt: skip


def test_publications_are_listed_as_fictional(folder: Path) -> None:
    listed = leefbaarheid(folder, "publications").stdout.splitlines()
    assert listed[-1].startswith("1\t")
    assert "(fictief)" in listed[-1]


def test_the_report_on_boundaries_tells_every_pair_of_years(folder: Path) -> None:
    said = leefbaarheid(folder, "report", "boundaries").stdout.splitlines()
    at = next(i for i, line in enumerate(said) if line.startswith("gemeente\t2021-2022"))
    assert said[at].endswith("weighed by surface\tsame 8, merged 2")
    assert said[at + 1] == "\tpublisher and maps agree on 8 of the 8 areas compared"


def test_own_indicators_are_loaded_into_voorbeeldland_and_said_to_be_fictional(
    folder: Path, tmp_path: Path
) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs" / "own"
    shutil.copy(docs / "inflow.toml", tmp_path)
    header = "wijkcode;jaar;instroom;van;tot;huishoudens;bijzonderheid\n"
    (tmp_path / "inflow.csv").write_text(f"{header}WK900210;2024;1,5;1;2;40;\n", encoding="utf-8")
    loaded = leefbaarheid(folder, "ingest", "own", str(tmp_path))
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.splitlines()[-1].startswith("Publication 2: cells_opened 2")
    assert "Voorbeeldland (fictief)" in loaded.stderr
    (tmp_path / "inflow.csv").write_text(f"{header}WK900210;2024;150;1;2;x;\n", encoding="utf-8")
    refused = leefbaarheid(folder, "ingest", "own", str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[1:] == [
        "  inflow.csv, line 2: inflow_vulnerable is 150; a share is a percentage from 0 to 100"
    ]


def test_a_reader_that_leaves_ends_a_command_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    left = leefbaarheid(tmp_path, "ingest", "--list", into=writing, PYTHONUNBUFFERED="")
    os.close(writing)
    assert (left.returncode, left.stderr) == (141, "")


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    away = "postgresql://reader:geheim@127.0.0.1:1/leefbaarheid"
    refused = leefbaarheid(tmp_path, "publications", DATABASE_URL=away)
    assert refused.returncode == 1
    assert "check the host and port in DATABASE_URL" in refused.stderr
    assert "geheim" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_an_unknown_dataset_is_refused_with_what_there_is(folder: Path) -> None:
    refused = leefbaarheid(folder, "ingest", "kwb-1066")
    assert refused.returncode == 1
    assert "kwb-2020" in refused.stderr


def test_an_ingest_beside_a_running_service_is_served_and_keeps_the_demonstration_out(
    folder: Path, service: ServiceProcess, tmp_path: Path
) -> None:
    lists = tmp_path / "codes"
    lists.mkdir()
    (lists / "gemeente_2025.csv").write_text(
        "\ufeffGemeente2025;Gemeentenaam2025\n0014;Groningen\n", encoding="utf-8"
    )
    done = leefbaarheid(folder, "ingest", "--from", str(tmp_path))
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 5
    while (name := _name_of_gm0014(service)) is None:
        assert time.monotonic() < deadline
    assert name == "Groningen"
    refused = leefbaarheid(folder, "demo")
    assert refused.returncode == 1
    assert "holds real data" in refused.stderr


def _name_of_gm0014(service: ServiceProcess) -> str | None:
    answer = service.ask('{ gemeente(code: "GM0014") { name } }')
    found: dict[str, str] | None = answer["data"]["gemeente"]
    return found["name"] if found else None
