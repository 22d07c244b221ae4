"""/bewijzen: the answer to a question with data, map, method, definition and citation, as a zip.

Everything that can fail has been done before the first byte; the zip is written while it is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.core.area import AreaTable
from db.core.stacking_definition import StackingDefinition
from schema.as_bad import beside
from schema.as_bad_rows import Found
from schema.carried_members import members_on
from schema.context import Context
from schema.errors import UnknownSlug
from schema.reference_area import AreaReferenceInput, ReferenceUnits, find_reference
from schema.stacked import find_definition, stacked
from service.evidence import as_bad, stacking
from service.rest.common import OF_A_PART, SLUG_FORM, VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Operation
from service.rest.parameter import one_of, text, whole_number, words
from service.rest.resources.bundles import LEVEL, MORE, ZIP, about, pinned, zipped
from service.rest.resources.figures import YEAR

_ALL = 1_000_000
_CODE = re.compile("(GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})")
REFERENCE = text(
    "referentie",
    "Waarmee vergeleken wordt: de code van een gemeente, wijk of buurt, of de slug van een "
    "focusgebied.",
    pattern=f"{_CODE.pattern}|{SLUG_FORM}",
    what_en="the code of an area such as WK034403, or the slug of a focus area",
    what_nl="de code van een gebied zoals WK034403, of de slug van een focusgebied",
    example="WK034403",
).needed()
DEFINITION = text(
    "definitie",
    "De definitie van stapeling waarvan de domeinen vergeleken worden, zoals `nplv-like@1`; een "
    "slug alleen is de nieuwste versie; zonder: de eerste van deze dienst.",
    pattern=f"{SLUG_FORM}(@[0-9]{{1,4}})?",
    what_en="the label of a definition such as nplv-like@1",
    what_nl="het label van een definitie zoals nplv-like@1",
    example="nplv-like@1",
)
REQUIRED = whole_number(
    "vereist",
    "In hoeveel domeinen een gebied minstens even slecht moet zijn; zonder: in alle.",
    least=1,
    most=20,
)
OUTSIDE = text(
    "buitenProgramma",
    "Slug van een programma waarvan de leden niet meedoen.",
    pattern=SLUG_FORM,
    what_en="the slug of a programme",
    what_nl="de slug van een programma",
)
DOMAINS = words(
    "domeinen",
    "Alleen deze domeinen van de definitie; zonder: alle.",
    pattern=SLUG_FORM,
    most=20,
    example="education",
)
CARRIED = one_of(
    "overgezet",
    "Met `ja` worden eenheden en leden die voor een andere indeling vermeld zijn op deze grenzen "
    "gezocht, naar de grond die zij delen.",
    {"nee": False, "ja": True},
    default="nee",
)
UNITS = one_of(
    "eenheden",
    "Wat een focusgebied van meer eenheden is: `samen` één gebied, of `elk`: wie minstens even "
    "slecht is, is dat naast elk van hen.",
    {"samen": ReferenceUnits.TOGETHER, "elk": ReferenceUnits.EVERY},
    default="samen",
)


def _reference(values: Mapping[str, Any]) -> AreaReferenceInput:
    given, vintage = values[REFERENCE.name], values.get(VINTAGE.name)
    if _CODE.fullmatch(given):
        return AreaReferenceInput(code=given, vintage=vintage)
    units = values.get(UNITS.name, ReferenceUnits.TOGETHER)
    return AreaReferenceInput(focus_area=given, vintage=vintage, units=units)


def _definition(context: Context, values: Mapping[str, Any]) -> StackingDefinition:
    """With the domains that are asked for; its slug and names say where it has not all."""
    whole = find_definition(context, values.get(DEFINITION.name))
    wanted = values.get(DOMAINS.name)
    if wanted is None or set(wanted) == {each.slug for each in whole.domains}:
        return whole
    domains = tuple(each for each in whole.domains if each.slug in wanted)
    if len(domains) < len(wanted):
        raise UnknownSlug("domain", ",".join(wanted), [each.slug for each in whole.domains])
    return replace(
        whole,
        slug=f"{whole.slug}-only-{'-'.join(each.slug for each in domains)}",
        name_nl=f"{whole.name_nl}, alleen {', '.join(each.name_nl for each in domains)}",
        name_en=f"{whole.name_en}, only {', '.join(each.name_en for each in domains)}",
        domains=domains,
    )


def _examined_definition(
    context: Context, values: Mapping[str, Any], faults: list[Invalid]
) -> StackingDefinition | None:
    with about(DEFINITION.name, faults):
        find_definition(context, values.get(DEFINITION.name))
        with about(DOMAINS.name, faults):
            return _definition(context, values)
    return None


def _as_bad_found(
    context: Context, values: Mapping[str, Any], faults: list[Invalid]
) -> Found | None:
    """The answer, or all that this publication does not have of what is asked."""
    meant = _examined_definition(context, values, faults)
    if meant is not None:
        faults += _too_many(meant, values.get(REQUIRED.name))
    outside, carried = values.get(OUTSIDE.name), values.get(CARRIED.name, False)
    if REFERENCE.name in values:
        with about(REFERENCE.name, faults):
            table = find_reference(context, _reference(values), carried=carried).table
            if outside is not None:
                with about(OUTSIDE.name, faults):
                    members_on(context, table, outside, carried=carried, required=True)
        if meant is not None and not faults:
            with about(REFERENCE.name, faults):
                return _beside(context, values, meant, _ALL)
    return None


def _too_many(meant: StackingDefinition, required: int | None) -> list[Invalid]:
    domains = len(meant.domains)
    if required is None or required <= domains:
        return []
    return [
        Invalid(
            REQUIRED.name,
            "LIMIT_OUT_OF_RANGE",
            f"{meant.label} has {domains} domains; {REQUIRED.name} must be from 1 to {domains}",
            f"{meant.label} heeft {domains} domeinen; {REQUIRED.name} moet van 1 tot en met "
            f"{domains} zijn",
            allowed=range(1, domains + 1),
        )
    ]


def _beside(
    context: Context, values: Mapping[str, Any], meant: StackingDefinition, first: int
) -> Found:
    return beside(
        context,
        meant,
        _reference(values),
        year=values.get(YEAR.name),
        outside_programme=values.get(OUTSIDE.name),
        carried=values.get(CARRIED.name, False),
        required=values.get(REQUIRED.name),
        first=first,
    )


def _as_bad(asked: Asked) -> Answer:
    found: Found = asked.found
    address = _address(asked, found.reference.table)
    kit = as_bad.kit_of(
        asked.context,
        found,
        year=asked.get(YEAR),
        outside=asked.get(OUTSIDE),
        carried=asked[CARRIED],
        address=address,
    )
    return zipped(asked, kit)


def _stacking_found(
    context: Context, values: Mapping[str, Any], faults: list[Invalid]
) -> stacking.Counted | None:
    meant, year = _examined_definition(context, values, faults), values.get(YEAR.name)
    table = None
    if LEVEL.name in values:
        with about(LEVEL.name, faults):
            table = context.table(values[LEVEL.name], values.get(VINTAGE.name))
    if meant is None or table is None or faults:
        return None
    return stacking.Counted(stacked(context, table, meant, year), table, year)


def _stacking(asked: Asked) -> Answer:
    found: stacking.Counted = asked.found
    address = _address(asked, found.table)
    return zipped(asked, stacking.kit_of(asked.context, found, address))


def _address(asked: Asked, table: AreaTable) -> str:
    definition = find_definition(asked.context, asked.get(DEFINITION)).label
    return pinned(asked, table, **{DEFINITION.name: definition})


OPERATIONS = (
    Operation(
        path="/bewijzen/minstens-even-slecht",
        id="bewijsMinstensEvenSlecht",
        tag="Cijfers",
        nl="Welke gebieden minstens even slecht zijn als een ander, met alles om het na te gaan.",
        more_nl=MORE,
        parameters=(
            REFERENCE,
            UNITS,
            VINTAGE,
            DEFINITION,
            DOMAINS,
            REQUIRED,
            OUTSIDE,
            CARRIED,
            YEAR,
        ),
        formats=(ZIP,),
        find=_as_bad_found,
        answer=_as_bad,
        statuses=OF_A_PART,
        headers=("Content-Disposition", "Accept-Ranges"),
    ),
    Operation(
        path="/bewijzen/stapeling",
        id="bewijsStapeling",
        tag="Cijfers",
        nl="Op hoeveel domeinen elk gebied tot de slechtste hoort, met alles om het na te gaan.",
        more_nl=MORE,
        parameters=(LEVEL, VINTAGE, DEFINITION, DOMAINS, YEAR),
        formats=(ZIP,),
        find=_stacking_found,
        answer=_stacking,
        statuses=OF_A_PART,
        headers=("Content-Disposition", "Accept-Ranges"),
    ),
)
