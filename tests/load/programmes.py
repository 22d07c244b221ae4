"""The invented nation's programme: who belongs to it, and in a told nation its money and claims."""

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

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
from db.core.programme import (
    Certainty,
    Extent,
    FocusArea,
    Membership,
    MunicipalityGroup,
    MunicipalityGroupList,
    Programme,
    Reference,
)
from db.core.statement import HowTested, Statement, StatementTest
from db.reference.facts import load_reference

VINTAGE = 2024
PROGRAMME, GROUP = "wijkaanpak", "verbond"
_TEXT = "Besluit van een verzonnen land (fictief)", "Decision of an invented country (fictional)"
_DOCUMENT = Document(*_TEXT, date(2022, 1, 1), Precision.YEAR)
_BEGAN = Period(date(2015, 4, 1), Precision.MONTH)
_PILOTS = 3


def build_reference(
    codes: list[str], focus_areas: int, members: int, random: np.random.Generator, told: bool
) -> Reference:
    """The real sources, and a programme of which every focus area is `members` wijken."""
    memberships: list[Membership] = []
    areas = []
    for number in range(focus_areas):
        slug = f"focusgebied-{number + 1:02d}"
        chosen = np.sort(random.choice(len(codes), members, replace=False))
        gemeente = f"GM{codes[chosen[0]][2:6]}"
        name = f"Focusgebied {number + 1} (fictief)"
        areas.append(FocusArea(slug, PROGRAMME, name, gemeente, VINTAGE))
        shares = np.round(random.uniform(0.1, 1, len(chosen)), 2)
        memberships += _members(slug, [codes[i] for i in chosen], shares)
    reference = Reference(
        load_reference().sources, (_programme(),), tuple(areas), tuple(memberships), (), (),
        fictional=True,
    )  # fmt: skip
    return _told(reference, codes) if told else reference


def _programme() -> Programme:
    return Programme(
        PROGRAMME, "Wijkaanpak (fictief)", "Verzonnen programma.", "Invented programme.",
        date(2022, 1, 1), Precision.YEAR, None, None, *_TEXT,
    )  # fmt: skip


def _members(slug: str, codes: list[str], shares: NDArray[np.float64]) -> list[Membership]:
    return [
        Membership(
            focus_area=slug, level=Level.WIJK, code=code, vintage=VINTAGE, name=None,
            extent=Extent.PART, share=float(share), valid_from=date(2022, 1, 1),
            valid_from_precision=Precision.YEAR, valid_until=None,
            certainty=Certainty.NAME_MATCH, legal_basis=None,
            source_text_nl=_TEXT[0], source_text_en=_TEXT[1],
        )
        for code, share in zip(codes, shares, strict=True)
    ]  # fmt: skip


def _told(reference: Reference, codes: list[str]) -> Reference:
    slugs = [area.slug for area in reference.focus_areas]
    gemeenten = sorted({(f"GM{code[2:6]}", "Verzonnen") for code in codes})[::6]
    return replace(
        reference,
        focus_areas=tuple(
            replace(area, published_population=50_000, published_population_date=date(2024, 1, 1))
            for area in reference.focus_areas
        ),
        groups=(MunicipalityGroup(GROUP, *_TEXT, *_TEXT, *_TEXT),),
        group_lists=(
            MunicipalityGroupList(
                GROUP, date(2023, 4, 1), Precision.MONTH, *_TEXT, Certainty.OFFICIAL,
                tuple(gemeenten), VINTAGE,
            ),
        ),
        funding=tuple(_stream(domain, slugs) for domain in Domain),
        interventions=tuple(_pilot(code) for code in codes[:: len(codes) // _PILOTS][:_PILOTS]),
        statements=_statements(),
    )  # fmt: skip


def _stream(domain: Domain, slugs: list[str]) -> FundingStream:
    """Two amounts: one by focus area, one for the whole country."""
    parts = tuple(FundingPart(slug, 1e6) for slug in slugs)
    period = Period(date(2022, 1, 1), Precision.DAY, date(2026, 1, 1), Precision.DAY)
    return FundingStream(
        f"geld-voor-{domain.value.replace('_', '-')}", PROGRAMME, *_TEXT, *_TEXT, (domain,),
        ("Verzonnen ministerie",),
        (
            _amount(FundingKind.ONE_OFF, 1e6 * len(parts), period, parts),
            _amount(FundingKind.STRUCTURAL, 8e6, Period(date(2022, 1, 1)), ()),
        ),
    )  # fmt: skip


def _amount(
    kind: FundingKind, euros: float, period: Period, parts: tuple[FundingPart, ...]
) -> FundingAmount:
    split = FundingSplit.BY_AREA if parts else FundingSplit.NATIONAL_ONLY
    return FundingAmount(
        kind, euros, AmountBound.EXACT, None, None, period, split, parts, _DOCUMENT,
        FactCertainty.CHECKED,
    )  # fmt: skip


def _pilot(code: str) -> Intervention:
    return Intervention(
        slug=f"proef-{code.lower()}", name_nl="Proef (fictief)", name_en="Pilot (fictional)",
        programme=None, focus_area=None, gemeente_code=f"GM{code[2:6]}", gemeente_vintage=VINTAGE,
        place="Verzonnen", units=(PlaceUnit(Level.WIJK, code, VINTAGE),), within=(),
        what_nl=_TEXT[0], what_en=_TEXT[1], who_nl=_TEXT[0], who_en=_TEXT[1], period=_BEGAN,
        document=_DOCUMENT, certainty=FactCertainty.CLAIMED,
    )  # fmt: skip


def _statements() -> tuple[Statement, ...]:
    """One of every kind that this service tests itself."""
    same = tuple(range(VINTAGE - 1, VINTAGE + 1))
    tests = {
        "leden": StatementTest(
            HowTested.FOCUS_AREAS_IN_GROUP, "claims_of_papers", PROGRAMME, GROUP,
            date(2023, 4, 1), 10_000, 40_000, (VINTAGE,), same, 3,
        ),
        "totalen": StatementTest(
            HowTested.PROGRAMME_TOTALS, "claims_of_papers", PROGRAMME, claimed=20,
            claimed_gemeenten=19, claimed_inhabitants=1_200_000,
        ),
        "geld": StatementTest(HowTested.FUNDING_ENDS, "money_of_a_programme", PROGRAMME),
    }  # fmt: skip
    return tuple(
        Statement(f"bewering-{name}", *_TEXT, *_TEXT, _DOCUMENT, test)
        for name, test in tests.items()
    )
