"""What bundles of every question have in common: the publication, its areas and the definition."""

from typing import Any

from db.core.area import AreaTable
from db.core.simplify import Detail
from schema.context import Context
from schema.enums import Crs
from schema.stacked import Stacked
from service.rest.resources.publications import sources_of


def common(context: Context, table: AreaTable) -> dict[str, Any]:
    """The fields of a Kit that do not depend on the question; shapes included."""
    published = context.facts.head.publication
    rows = list(range(len(table)))
    return {
        "publication": published.number,
        "published_at": published.published_at,
        "fictional": published.fictional,
        "sources": sources_of(context),
        "table": table,
        "order": context.roster(table).by_code.ordinals.tolist(),
        "degrees": context.shape_texts(table, rows, Detail.OVERVIEW, Crs.CRS84.value),
        "metres": context.shape_texts(table, rows, Detail.OVERVIEW, Crs.RD.value),
    }


def definition_shown(stacked: Stacked) -> dict[str, Any]:
    """A definition with the years whose values were used, as a file has it."""
    definition = stacked.definition
    return {
        "label": definition.label,
        "id": definition.id,
        "naam": definition.name_nl,
        "name": definition.name_en,
        "drempel": definition.threshold,
        "minimumAandeel": definition.minimum_share,
        "minimumInwoners": definition.minimum_inhabitants,
        "weging": definition.weighting.name,
        "domeinen": [
            {
                "slug": domain.slug,
                "naam": domain.name_nl,
                "name": domain.name_en,
                "drempel": threshold,
                "indicatoren": [
                    {
                        "slug": part.indicator.slug,
                        "naam": part.indicator.name_nl,
                        "name": part.indicator.name_en,
                        "gewicht": part.weight,
                        "jaar": None if part.judged is None else part.judged.asked.year,
                        "bron": part.indicator.source,
                    }
                    for part in parts
                ],
            }
            for domain, threshold, parts in zip(
                definition.domains, definition.thresholds, stacked.parts, strict=True
            )
        ],
    }


def known(value: float) -> float | None:
    """A number as files have it: absent is never a number."""
    return None if value != value else float(value)
