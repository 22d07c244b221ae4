"""Citations: they name the publication and whose figures it has, and are what tools read."""

import json
from dataclasses import replace
from datetime import date

import yaml

from db.core.programme import Source
from service.rest.citation import Cited, bibtex, cff, csl, ris, text_en, text_nl

_CBS = Source(
    "cbs-kwb", "CBS", "Kerncijfers", 'Key "figures": all', "https://www.cbs.nl", "CC-BY-4.0", None,
    "Bron: CBS, Kadaster", "Source: CBS, Kadaster",
)  # fmt: skip
_RIVM = Source(
    "rivm", "RIVM", "Gezondheid", "Health", "https://www.rivm.nl", "CC-BY-4.0", None,
    "Bron: RIVM", "Source: RIVM",
)  # fmt: skip
_CITED = Cited(
    7, date(2026, 11, 21), False, "https://data.example.nl/v1/publicaties/7", (_CBS, _RIVM)
)


def test_a_sentence_names_year_number_address_and_every_source_in_its_own_words() -> None:
    assert text_nl(_CITED) == (
        "Leefbaarheid (2026). Leefbaarheid van wijken en buurten, publicatie 7 [gegevens]. "
        "https://data.example.nl/v1/publicaties/7. Bron: CBS, Kadaster; Bron: RIVM"
    )
    assert "publication 7 [data]" in text_en(_CITED)


def test_fictional_data_say_so_in_every_form() -> None:
    invented = Cited(1, date(2026, 1, 1), True, "https://data.example.nl/v1/publicaties/1", ())
    assert "fictieve gegevens" in text_nl(invented)
    for form in (text_en, cff, bibtex, ris, csl):
        assert "fictional data" in form(invented)


def test_the_citation_file_is_yaml_with_what_the_format_asks_for() -> None:
    read = yaml.safe_load(cff(_CITED))
    assert (read["cff-version"], read["type"], read["version"]) == ("1.2.0", "dataset", "7")
    assert read["date-released"] == date(2026, 11, 21)
    assert read["authors"] == [{"name": "Leefbaarheid"}]
    assert [each["title"] for each in read["references"]] == ['Key "figures": all', "Health"]


def test_a_source_that_is_not_on_the_web_has_no_address_in_the_citation_file() -> None:
    invented = replace(_CBS, url="about:blank")
    read = yaml.safe_load(cff(replace(_CITED, sources=(invented, _RIVM))))
    assert ["url" in each for each in read["references"]] == [False, True]


def test_the_entry_for_bibtex_has_a_key_and_balanced_braces() -> None:
    entry = bibtex(_CITED)
    assert entry.startswith("@misc{leefbaarheid-7,")
    assert entry.count("{") == entry.count("}")


def test_a_reference_for_a_library_is_lines_of_two_letters_that_end() -> None:
    lines = ris(_CITED).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    said = dict(line.split("  - ", 1) for line in lines[:-1])
    assert (said["DA"], said["ET"]) == ("2026/11/21", "7")
    assert said["N1"] == "Source: CBS, Kadaster; Source: RIVM"


def test_an_item_for_a_bibliography_has_its_date_in_parts() -> None:
    read = json.loads(csl(_CITED))
    assert (read["type"], read["issued"]) == ("dataset", {"date-parts": [[2026, 11, 21]]})
    assert (read["URL"], read["version"]) == (_CITED.address, "7")
