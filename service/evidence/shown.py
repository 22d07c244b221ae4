"""What bundles of every question have in common: the publication, its areas and the definition."""

from typing import Any

from db.core.area import AreaTable
from db.core.indicator import Direction
from db.core.simplify import Detail
from schema.context import Context
from schema.enums import Crs
from schema.roster import Ordinals
from schema.stacked import Stacked
from service.rest.resources.publications import sources_of

_HIGH_IS = {Direction.HIGHER_IS_BETTER: "goed", Direction.LOWER_IS_BETTER: "slecht"}


def common(context: Context, table: AreaTable, within: Ordinals | None = None) -> dict[str, Any]:
    """The fields of a Kit that do not depend on the question; shapes included.

    Of all areas of the table, or those `within` a gemeente, which are drawn finer.
    """
    published = context.facts.head.publication
    by = context.roster(table).by_code
    chosen = by.ordinals if within is None else within[by.rank[within].argsort()]
    rows: list[int] = chosen.tolist()
    detail = Detail.OVERVIEW if within is None else Detail.MEDIUM
    return {
        "publication": published.number,
        "published_at": published.published_at,
        "fictional": published.fictional,
        "sources": sources_of(context),
        "table": table,
        "order": rows,
        "degrees": _shapes(context, table, rows, detail, Crs.CRS84),
        "metres": _shapes(context, table, rows, detail, Crs.RD),
    }


def _shapes(
    context: Context, table: AreaTable, rows: list[int], detail: Detail, crs: Crs
) -> dict[int, str | None]:
    texts = context.shape_texts(table, rows, detail, crs.value)
    return dict(zip(rows, texts, strict=True))


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
                        "hoogIs": _HIGH_IS.get(part.indicator.direction),
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
