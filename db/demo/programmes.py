"""Programmes, focus areas and groups of Voorbeeldland: invented, and their names say so."""

from dataclasses import dataclass, replace
from datetime import date

from db.core.codes import level_of
from db.core.levels import Level
from db.core.programme import (
    Alias,
    Certainty,
    Extent,
    FocusArea,
    Membership,
    MunicipalityGroup,
    MunicipalityGroupList,
    Precision,
    Programme,
    Reference,
    Source,
)
from db.core.stacking_definition import StackingDefinition, nplv_definition
from db.demo.claims import funding, interventions, members_of_versions, statements, versions
from db.demo.history import VINTAGES

SOURCE = "voorbeeldland"
_TEXT_NL = "Besluit van Voorbeeldland (fictief)"
_TEXT_EN = "Decision of Voorbeeldland (fictional)"
_LEGAL = "Regeling vitale wijken Voorbeeldland (fictief), artikel 2"


@dataclass(frozen=True, slots=True)
class _Period:
    """When, and on the boundaries of which year, units are named."""

    vintage: int
    begins: date
    precision: Precision
    ends: date | None = None


_AT_FIRST = _Period(2021, date(2021, 9, 1), Precision.DAY, date(2023, 1, 1))
_SINCE_LETTERS = _Period(2024, date(2023, 1, 1), Precision.DAY)
_FORMER = _Period(2020, date(2020, 1, 1), Precision.YEAR, date(2021, 1, 1))
_FORMER_LATER = _Period(2021, date(2021, 1, 1), Precision.DAY, date(2023, 1, 1))
_RECENT = _Period(2023, date(2023, 4, 1), Precision.MONTH)


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str | None
    name: str | None
    extent: Extent = Extent.WHOLE
    share: float | None = 1.0


@dataclass(frozen=True, slots=True)
class _Named:
    """The units that one decision names for a focus area."""

    area: str
    period: _Period
    certainty: Certainty
    units: tuple[_Unit, ...]


_HAVEN, _OOST, _KADE = "kwakelhaven-havenkant", "dobbermeer-oost", "kwakelhaven-kade"
_SURE, _MATCH, _MAYBE = Certainty.OFFICIAL, Certainty.NAME_MATCH, Certainty.CANDIDATE

_COMPOSITION = (
    _Named(_HAVEN, _AT_FIRST, _SURE, (
        _Unit("WK900200", "Havenhart"), _Unit("WK900201", "Kaapstander"),
        _Unit("WK900203", "Traanoven"))),
    _Named(_HAVEN, _SINCE_LETTERS, _SURE, (
        _Unit("WK900200", "Havenhart"), _Unit("WK900201", "Kaapstander"),
        _Unit("WK900203", "Traanoven"), _Unit("WK900210", "Nieuwe Traanoven"))),
    _Named(_OOST, _AT_FIRST, _SURE, (
        _Unit("WK900101", "Roeiershoek"), _Unit("WK900102", "Schippersbos", Extent.PART, 0.6))),
    _Named(_OOST, _SINCE_LETTERS, _SURE, (
        _Unit("WK9001AB", "Roeiershoek"), _Unit("WK9001AC", "Schippersbos", Extent.PART, 0.6))),
    _Named("wolkendijk-spoorzone", _SINCE_LETTERS, _MATCH, (
        _Unit("BU90030100", "Bloesemwerf"), _Unit("BU90030101", "Citroendreef"),
        _Unit("BU90030000", "Zilversingel", Extent.PART, None))),
    _Named("molenrust-hart", _FORMER, _MATCH, (_Unit("WK900900", "Wijk 00 Molenrust"),)),
    _Named("molenrust-hart", _FORMER_LATER, _MATCH, (_Unit("WK900900", "Wijk 00 Molenrust"),)),
    _Named("tussenwater-kom", _FORMER, _MATCH, (_Unit("WK900800", "Tussenwater-Kom"),)),
    _Named("tussenwater-kom", _FORMER_LATER, _MATCH, (_Unit("WK900311", "Tussenwater-Kom"),)),
    _Named(_KADE, _RECENT, _MATCH, (_Unit("WK900207", "Nieuwe Kade"),)),
    _Named(_KADE, _RECENT, _MAYBE, (_Unit("WK900208", "Kombuis", Extent.UNKNOWN, None),)),
    _Named("plassenland-dorpen", _RECENT, _MAYBE, (
        _Unit("WK901105", "Groot Plassen-Dorp", Extent.UNKNOWN, None),
        _Unit(None, None, Extent.UNKNOWN, None))),
)  # fmt: skip


def fictional_reference() -> Reference:
    return Reference(
        sources=(_source(),),
        programmes=_programmes(),
        focus_areas=_focus_areas(),
        memberships=(*_memberships(), *members_of_versions()),
        groups=_groups(),
        group_lists=_group_lists(),
        fictional=True,
        stacking=(_stacking(),),
        aliases=(_alias(),),
        versions=versions(),
        funding=funding(),
        interventions=interventions(),
        statements=statements(),
    )


def _stacking() -> StackingDefinition:
    """The six domains in the indicators that Voorbeeldland has; of education it has none."""
    made = nplv_definition(
        education=["ses_education_low_share"],
        poverty=["low_income_households", "poverty_share", "difficulty_making_ends_meet"],
        health=["health_good", "psychological_complaints", "severe_loneliness"],
        work=["net_participation"],
        housing=["lbm_housing", "vacant_dwellings"],
        safety=["lbm_nuisance_safety"],
    )
    return replace(
        made,
        slug="voorbeeld",
        name_nl="Stapeling in Voorbeeldland (fictief)",
        name_en="Stacking in Voorbeeldland (fictional)",
        domains=made.domains[1:],
    )


def _alias() -> Alias:
    return Alias(
        Level.GEMEENTE,
        "GM9002",
        VINTAGES[-1],
        "De Kwakel",
        _TEXT_NL,
        _TEXT_EN,
        "Verzonnen bijnaam van een verzonnen gemeente.",
        "Invented nickname of an invented gemeente.",
    )


def _source() -> Source:
    return Source(
        slug=SOURCE,
        publisher="Voorbeeldland (fictief)",
        name_nl="Gegevens van Voorbeeldland (fictief)",
        name_en="Data of Voorbeeldland (fictional)",
        url="about:blank",
        licence="CC0-1.0",
        licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
        attribution_nl="Voorbeeldland (fictief): verzonnen gegevens van een verzonnen land",
        attribution_en="Voorbeeldland (fictional): invented data of an invented country",
        note_nl="Alles is door dit programma gemaakt; geen cijfer gaat over een echte plaats.",
        note_en="All of it was made by this program; no figure is about a real place.",
    )


def _programmes() -> tuple[Programme, ...]:
    return (
        Programme(
            "vitale-wijken", "Vitale Wijken (fictief)",
            "Verzonnen programma voor wijken waar problemen zich opstapelen.",
            "Invented programme for wijken where problems pile up.",
            date(2021, 9, 1), Precision.DAY, None, _LEGAL, _TEXT_NL, _TEXT_EN,
        ),
        Programme(
            "buurtkracht", "Buurtkracht (fictief)",
            "Verzonnen programma dat is geëindigd: de voorloper van Vitale Wijken.",
            "Invented programme that has ended: the forerunner of Vitale Wijken.",
            date(2020, 1, 1), Precision.YEAR, date(2023, 1, 1), None, _TEXT_NL, _TEXT_EN,
        ),
        Programme(
            "jong-aan-het-roer", "Jong aan het Roer (fictief)",
            "Verzonnen programma voor jongeren, waarvan de gebieden nog niet vaststaan.",
            "Invented programme for young people whose areas are not settled yet.",
            date(2023, 4, 1), Precision.MONTH, None, None, _TEXT_NL, _TEXT_EN,
        ),
    )  # fmt: skip


def _focus_areas() -> tuple[FocusArea, ...]:
    stated = date(2024, 1, 1)
    return (
        FocusArea("kwakelhaven-havenkant", "vitale-wijken", "Havenkant", "GM9002", 2024,
                  ("Kwakelhaven Havenkant", "Oude Haven"), 29_000, stated),
        FocusArea("dobbermeer-oost", "vitale-wijken", "Dobbermeer-Oost", "GM9001", 2024,
                  ("Roeiershoek en omgeving",), 20_000, stated),
        FocusArea("wolkendijk-spoorzone", "vitale-wijken", "Spoorzone", "GM9003", 2024,
                  ("Wolkendijk Spoorzone",)),
        FocusArea("molenrust-hart", "buurtkracht", "Molenrust Hart", "GM9009", 2020),
        FocusArea("tussenwater-kom", "buurtkracht", "Tussenwater Kom", "GM9008", 2020,
                  note_nl="De gemeente Tussenwater is in 2021 opgegaan in twee andere.",
                  note_en="The gemeente Tussenwater became part of two others in 2021."),
        FocusArea("kwakelhaven-kade", "jong-aan-het-roer", "Nieuwe Kade", "GM9002", 2023,
                  note_nl="WK900207 was tot 2022 een wijk aan de andere kant van de gemeente.",
                  note_en="WK900207 was a wijk at the other side of the gemeente until 2022."),
        FocusArea("plassenland-dorpen", "jong-aan-het-roer", "Dorpen van Plassenland", "GM9011",
                  2023),
    )  # fmt: skip


def _memberships() -> tuple[Membership, ...]:
    return tuple(_membership(named, unit) for named in _COMPOSITION for unit in named.units)


def _membership(named: _Named, unit: _Unit) -> Membership:
    official = named.certainty is Certainty.OFFICIAL
    return Membership(
        focus_area=named.area,
        level=(level_of(unit.code) if unit.code else None) or Level.BUURT,
        code=unit.code,
        vintage=named.period.vintage if unit.code else None,
        name=unit.name,
        extent=unit.extent,
        share=unit.share,
        valid_from=named.period.begins,
        valid_from_precision=named.period.precision,
        valid_until=named.period.ends,
        certainty=named.certainty,
        legal_basis=_LEGAL if official else None,
        source_text_nl=_TEXT_NL,
        source_text_en=_TEXT_EN,
        note_nl=None if unit.code else "Bekend is dat er buurten zijn, niet welke (fictief)",
        note_en=None if unit.code else "Known to exist, not which buurten (fictional)",
    )


def _groups() -> tuple[MunicipalityGroup, ...]:
    return (
        MunicipalityGroup("kring-van-havens", "Kring van Havens (fictief)",
                          "Circle of Harbours (fictional)",
                          "Verzonnen groep van gemeenten aan het water.",
                          "Invented group of gemeenten by the water.", _TEXT_NL, _TEXT_EN),
        MunicipalityGroup("plattelandsbond", "Plattelandsbond (fictief)",
                          "Rural League (fictional)",
                          "Verzonnen groep van landelijke gemeenten.",
                          "Invented group of rural gemeenten.", _TEXT_NL, _TEXT_EN),
    )  # fmt: skip


def _group_lists() -> tuple[MunicipalityGroupList, ...]:
    first, last = VINTAGES[0], VINTAGES[-1]
    dobber, kwakel = ("GM9001", "Dobbermeer"), ("GM9002", "Kwakelhaven")
    schelp, wolken = ("GM9010", "Schelpenkust"), ("GM9003", "Wolkendijk")
    zonne, molen = ("GM9005", "Zonnewolde"), ("GM9009", "Molenrust")
    groot, klein = ("GM9007", "Groot Plassen"), ("GM9006", "Klein Plassen")
    tussen, plassen = ("GM9008", "Tussenwater"), ("GM9011", "Plassenland")
    havens, bond = "kring-van-havens", "plattelandsbond"
    official = Certainty.OFFICIAL
    return (
        MunicipalityGroupList(havens, date(2020, 1, 1), Precision.YEAR, _TEXT_NL, _TEXT_EN,
                              official, (dobber, kwakel, schelp), first),
        MunicipalityGroupList(havens, date(2023, 3, 15), Precision.DAY, _TEXT_NL, _TEXT_EN,
                              official, (kwakel, schelp, wolken), 2023),
        MunicipalityGroupList(bond, date(2020, 6, 1), Precision.MONTH, _TEXT_NL, _TEXT_EN,
                              official, (groot, klein, molen, tussen, zonne), first),
        MunicipalityGroupList(bond, date(2024, 1, 1), Precision.MONTH, _TEXT_NL, _TEXT_EN,
                              official, (molen, plassen, zonne), last),
    )  # fmt: skip
