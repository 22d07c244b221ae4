"""Which vintages are linked, and on what grounds."""

from dataclasses import replace

from db.core.levels import Level
from db.ingest.link_plan import AFFORDED, Grounds, Planned, Stock, planned

GEMEENTE, WIJK, BUURT = Level.GEMEENTE, Level.WIJK, Level.BUURT
MAPS, STATEMENTS = Grounds.MAPS, Grounds.STATEMENTS


def stock(
    vintage: int, *, shapes: int = 0, said: int = 0, level: Level = WIJK, nbytes: int = 1
) -> Stock:
    """Ten areas on land, all listed."""
    digest = f"{level.value} {vintage} {shapes} {said}".encode()
    return Stock(level, vintage, 10, shapes, shapes, said, True, nbytes * shapes, digest)


def pairs(*stocks: Stock) -> set[tuple[int, int, Grounds]]:
    return {(each.old, each.new, each.grounds) for each in planned(stocks, {}, {})}


def only(*stocks: Stock, **given: dict[tuple[int, str], str]) -> Planned:
    (found,) = planned(stocks, given.get("addresses", {}), {})
    return found


def test_maps_are_linked_to_the_next_map_and_years_without_one_to_their_neighbours() -> None:
    years = [
        stock(2019, shapes=10), stock(2020, said=9), stock(2021, said=9),
        stock(2022, shapes=10, said=9), stock(2024, shapes=10, said=9),
    ]  # fmt: skip

    assert pairs(*years) == {
        (2019, 2022, MAPS), (2022, 2024, MAPS),
        (2019, 2020, STATEMENTS), (2020, 2021, STATEMENTS), (2021, 2022, STATEMENTS),
    }  # fmt: skip


def test_statements_are_not_used_where_both_years_have_a_map() -> None:
    assert pairs(stock(2022, shapes=10), stock(2023, shapes=10, said=10)) == {(2022, 2023, MAPS)}


def test_a_sample_is_no_map() -> None:
    whole, few = stock(2022, shapes=10), stock(2024, shapes=4)

    assert pairs(whole, few) == set()
    assert pairs(whole, replace(stock(2024, shapes=10), is_whole=False)) == set()
    assert pairs(whole, stock(2024, shapes=5)) == {(2022, 2024, MAPS)}


def test_levels_are_not_linked_with_each_other() -> None:
    assert pairs(stock(2022, shapes=10), stock(2024, shapes=10, level=BUURT)) == set()


def test_a_country_is_linked_by_its_name() -> None:
    land = [stock(year, level=Level.LAND) for year in (2017, 2020)]

    assert pairs(*land) == {(2017, 2020, Grounds.NAME)}


def test_the_digest_follows_both_sides_and_whatever_shares_are_weighed_by() -> None:
    one, two = stock(2022, shapes=10), stock(2024, shapes=10)
    counts = {(2022, "BU"): "5 1 None", (2024, "BU"): "5 1 None"}
    plain = only(one, two)

    digests = {
        plain.digest,
        only(stock(2022, shapes=9), two).digest,
        only(one, stock(2024, shapes=9)).digest,
        only(one, two, addresses=counts).digest,
        only(one, two, addresses={**counts, (2022, "BU"): "6 2 None"}).digest,
    }

    assert len(digests) == 5
    assert only(one, two, addresses={(2022, "BU"): "5 1 None"}).digest == plain.digest


def test_addresses_of_the_finest_areas_that_both_years_have_are_used() -> None:
    sides = stock(2022, shapes=10), stock(2024, shapes=10)
    both = {(year, prefix): "" for year in (2022, 2024) for prefix in ("WK", "GM")}

    assert only(*sides, addresses=both).counted is WIJK
    assert only(*sides, addresses={**both, (2024, "BU"): ""}).counted is WIJK
    # Counts of gemeenten say nothing of wijken.
    assert only(*sides, addresses={(2022, "GM"): "", (2024, "GM"): ""}).counted is None


def test_inhabitants_are_those_of_the_next_smaller_areas_that_have_a_map_to_be_afforded() -> None:
    sides = [stock(year, shapes=10, level=GEMEENTE) for year in (2019, 2022)]
    wijken = stock(2022, shapes=10)
    buurten = stock(2019, shapes=10, level=BUURT)
    populations = {(WIJK, 2022): "1", (WIJK, 2019): "1", (BUURT, 2019): "1"}

    def peopled(*stocks: Stock) -> tuple[Level, int] | None:
        found = planned([*sides, *stocks], {}, populations)
        return next(each.peopled for each in found if each.level is GEMEENTE)

    assert peopled(wijken, buurten) == (WIJK, 2022)
    assert peopled(stock(2022), buurten) == (BUURT, 2019)
    assert peopled(stock(2022), replace(buurten, nbytes=AFFORDED + 1)) is None
    assert peopled(stock(2024, shapes=10)) is None
