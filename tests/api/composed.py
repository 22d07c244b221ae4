"""What is asked of areas put together of wijken and buurten, of a country with two gemeenten."""

from typing import Any

from db.core.programme import Membership
from tests.api.asking import data
from tests.api.benchmarked import JOBS, PEOPLE, POOR, Country, country

VALUE = """... on Aggregate { indicator { slug } year vintage value status reason { code } lower
  upper coverage coverageBy known unitCount blockedBy { area { code } status reason { code } }
  method additive weightsIndicator weightsYear rounding { multiple numbers margin text } certainty
  provisional provenances { dataset } }
  ... on IndicatorProblem { slug code }"""
QUERY = f"""query ($codes: [String!]!, $slugs: [String!]!, $year: Int, $vintage: Int) {{
  composedArea(codes: $codes, vintage: $vintage) {{ vintage complete certainty
    units {{ area {{ code }} extent share certainty }} omitted {{ reason code level vintage }}
    missingCodes {{ code reason message messageNl }}
    observations(indicators: $slugs, year: $year) {{ {VALUE} }} }} }}"""
FOCUS = f"""query ($slug: String!, $slugs: [String!]!, $vintage: Int, $at: Date) {{
  focusArea(slug: $slug) {{
    area(vintage: $vintage, at: $at) {{ vintage complete certainty
      units {{ area {{ code }} extent share certainty }} omitted {{ reason code }} }}
    geometry {{ complete geojson notDrawn {{ code }} }}
    observations(indicators: $slugs, vintage: $vintage, at: $at) {{ {VALUE} }} }} }}"""
BESIDE = """query ($codes: [String!]!, $slugs: [String!]!, $against: [BenchmarkGroup!]!) {
  composedArea(codes: $codes) { observations(indicators: $slugs) { ... on Aggregate { value
    comparison(against: $against) { group aggregate difference ratio known unknown coverage
      weighedBy refusal refusalText } } } } }"""

WHOLES: dict[str, Any] = {"jobs": (999, 888), "poor": (33, 22)}
HOUSEHOLDS = {code: n / 2 for code, n in PEOPLE.items()}


def country_of(*members: Membership, **cells: Any) -> Country:
    figures = {"jobs": JOBS, "poor": POOR, "population": PEOPLE, "households": HOUSEHOLDS, **cells}
    return country(figures, WHOLES, {"jobs": 1887}, members=members)


async def area_of(codes: list[str], *slugs: str, store: Country | None = None, **given: Any) -> Any:
    asked = {"codes": codes, "slugs": list(slugs), **given}
    return (await data(QUERY, asked, store=store or country_of()))["composedArea"]


async def value_of(codes: list[str], slug: str, **cells: Any) -> Any:
    return (await area_of(codes, slug, store=country_of(**cells)))["observations"][0]


async def focus_area_of(slug: str, *slugs: str, store: Country, **given: Any) -> Any:
    asked = {"slug": slug, "slugs": list(slugs), **given}
    return (await data(FOCUS, asked, store=store))["focusArea"]
