"""Money, interventions and statements of Voorbeeldland: invented, and all of them say so."""

from datetime import date

from db.core.document import Document, FactCertainty, Period, Precision
from db.core.funding import (
    AmountBound,
    FundingAmount,
    FundingKind,
    FundingPart,
    FundingSplit,
    FundingStream,
)
from db.core.indicator import Domain
from db.core.intervention import Intervention, PlaceUnit
from db.core.levels import Level
from db.core.programme import Certainty, CompositionVersion, Extent, Membership
from db.core.statement import HowTested, Statement, StatementTest

_BUDGET = Document(
    "Begroting van Voorbeeldland (fictief)", "Budget of Voorbeeldland (fictional)",
    date(2021, 9, 21), Precision.DAY,
)  # fmt: skip
_LETTER = Document(
    "Brief over Vitale Wijken (fictief)", "Letter on Vitale Wijken (fictional)",
    date(2022, 3, 1), Precision.MONTH,
)  # fmt: skip
_LEAFLET = Document("Folder zonder datum (fictief)", "Leaflet without a date (fictional)")
_FOUR_YEARS = Period(date(2022, 1, 1), Precision.DAY, date(2026, 1, 1), Precision.DAY)
_SINCE = Period(date(2022, 1, 1), Precision.YEAR)
_TWO_YEARS = Period(date(2022, 1, 1), Precision.DAY, date(2024, 1, 1), Precision.DAY)
_PROGRAMME, _HAVEN = "vitale-wijken", "kwakelhaven-havenkant"


def _amount(
    kind: FundingKind,
    euros: float | None,
    period: Period,
    document: Document = _BUDGET,
    *,
    parts: tuple[tuple[str, float], ...] = (),
) -> FundingAmount:
    return FundingAmount(
        kind=kind,
        euros=euros,
        bound=AmountBound.EXACT,
        absence_nl="Het stuk noemt geen bedrag (fictief)." if euros is None else None,
        absence_en="The document names no amount (fictional)." if euros is None else None,
        period=period,
        split=FundingSplit.BY_AREA if parts else FundingSplit.NATIONAL_ONLY,
        parts=tuple(FundingPart(*each) for each in parts),
        document=document,
        certainty=FactCertainty.CLAIMED if document is _LEAFLET else FactCertainty.CHECKED,
    )


def _stream(
    slug: str, nl: str, en: str, domain: Domain | None, *amounts: FundingAmount
) -> FundingStream:
    return FundingStream(
        slug=slug,
        programme=_PROGRAMME,
        name_nl=f"{nl} (fictief)",
        name_en=f"{en} (fictional)",
        target_nl="Een verzonnen doel.",
        target_en="An invented purpose.",
        domains=() if domain is None else (domain,),
        ministries=("Ministerie van Voorbeelden",),
        amounts=amounts,
    )


def funding() -> tuple[FundingStream, ...]:
    once, yearly, unsaid = FundingKind.ONE_OFF, FundingKind.STRUCTURAL, FundingKind.NOT_STATED
    return (
        _stream("jongerenwerk", "Jongerenwerk", "Youth work", Domain.SAFETY,
                _amount(yearly, 8e6, _SINCE), _amount(unsaid, 6e6, _SINCE, _LEAFLET)),
        _stream("schoolkansen", "Schoolkansen", "Chances at school", Domain.EDUCATION,
                _amount(unsaid, None, _SINCE, _LEAFLET)),
        _stream("wijkbudget", "Wijkbudget", "Neighbourhood budget", None,
                _amount(once, 2e6, _FOUR_YEARS, parts=((_HAVEN, 1.5e6),))),
        _stream("wijkfonds", "Wijkfonds", "Neighbourhood fund", Domain.HOUSING,
                _amount(once, 12e6, _FOUR_YEARS,
                        parts=((_HAVEN, 7.25e6), ("dobbermeer-oost", 4e6)))),
        _stream("woonimpuls", "Woonimpuls", "Housing impulse", Domain.HOUSING,
                _amount(once, 30e6, _TWO_YEARS, _LETTER)),
    )  # fmt: skip


def interventions() -> tuple[Intervention, ...]:
    since_april = Period(date(2022, 4, 1), Precision.MONTH)
    haven = tuple(PlaceUnit(Level.WIJK, "WK900200", year) for year in (2021, 2022, 2023, 2024))
    return (
        _intervention("distelplein", "Distelplein", "GM9010", since_april,
                      within=(PlaceUnit(Level.WIJK, "WK901001", 2024),)),
        _intervention("havenhart-samen", "Havenhart", "GM9002", since_april, haven, area=_HAVEN),
        _intervention("kombuis-open", "Kombuis", "GM9002", Period(),
                      (PlaceUnit(Level.WIJK, "WK900208", 2024),)),
    )  # fmt: skip


def _intervention(
    slug: str,
    place: str,
    gemeente: str,
    period: Period,
    units: tuple[PlaceUnit, ...] = (),
    *,
    within: tuple[PlaceUnit, ...] = (),
    area: str | None = None,
) -> Intervention:
    return Intervention(
        slug=slug,
        name_nl=f"Proef in {place} (fictief)",
        name_en=f"Pilot in {place} (fictional)",
        programme=None if area is None else _PROGRAMME,
        focus_area=area,
        gemeente_code=gemeente,
        gemeente_vintage=2024,
        place=place,
        units=units,
        within=within,
        what_nl="Een verzonnen ingreep.",
        what_en="An invented intervention.",
        who_nl="Een verzonnen gemeente",
        who_en="An invented gemeente",
        period=period,
        document=_LETTER,
        certainty=FactCertainty.CLAIMED,
    )


def statements() -> tuple[Statement, ...]:
    return (
        _statement(
            "inflow-in-voorbeeldland",
            "De instroom is er onevenredig groot (fictief).",
            "The inflow there is disproportionate (fictional).",
            StatementTest(HowTested.NO_OPEN_DATA, "spread_within_a_gemeente",
                          gaps=("inflow_vulnerable",)),
        ),
        _statement(
            "money-ends-in-voorbeeldland",
            "Veel geld van Vitale Wijken houdt op (fictief).",
            "Much money of Vitale Wijken ends (fictional).",
            StatementTest(HowTested.FUNDING_ENDS, "money_of_a_programme", _PROGRAMME),
        ),
        _statement(
            "three-areas-in-voorbeeldland",
            "Vitale Wijken heeft drie gebieden in drie gemeenten met 60.000 inwoners (fictief).",
            "Vitale Wijken has three areas in three gemeenten with 60,000 inhabitants (fictional).",
            StatementTest(HowTested.PROGRAMME_TOTALS, "claims_of_papers", _PROGRAMME, claimed=3,
                          claimed_gemeenten=3, claimed_inhabitants=60_000),
        ),
        _statement(
            "two-of-three-in-the-circle",
            "Twee van de drie focusgebieden liggen in een gemeente van de Kring (fictief).",
            "Two of the three focus areas lie in a gemeente of the Circle (fictional).",
            StatementTest(
                HowTested.FOCUS_AREAS_IN_GROUP, "claims_of_papers", _PROGRAMME,
                "kring-van-havens", date(2023, 3, 15), 50_000, 80_000, (2019, 2023),
                (2021, 2022, 2023, 2024), 2,
            ),
        ),
        _statement(
            "wijken-outside-as-bad",
            "Buiten het programma zijn wijken er even slecht aan toe (fictief).",
            "Outside the programme wijken are as badly off (fictional).",
            StatementTest(HowTested.OTHER_QUERY, "as_bad_outside_the_programme", _PROGRAMME),
        ),
    )  # fmt: skip


def _statement(slug: str, nl: str, en: str, test: StatementTest) -> Statement:
    return Statement(slug, nl, en, "Een verzonnen bond", "An invented league", _LEAFLET, test)


def versions() -> tuple[CompositionVersion, ...]:
    return (
        CompositionVersion(
            _HAVEN, "gemeente", "Havenkant volgens de gemeente (fictief)",
            "Havenkant according to the gemeente (fictional)", 21_000, date(2024, 1, 1), _LETTER,
            FactCertainty.CHECKED, "De gemeente rekent er minder wijken toe (fictief).",
            "The gemeente counts fewer wijken as part of it (fictional).",
        ),
    )  # fmt: skip


def members_of_versions() -> tuple[Membership, ...]:
    return tuple(
        Membership(
            _HAVEN, Level.WIJK, code, 2024, name, Extent.WHOLE, 1.0, date(2022, 3, 1),
            Precision.MONTH, None, Certainty.OFFICIAL, None, _LETTER.title_nl, _LETTER.title_en,
            version="gemeente",
        )
        for code, name in (("WK900200", "Havenhart"), ("WK900201", "Kaapstander"))
    )  # fmt: skip
