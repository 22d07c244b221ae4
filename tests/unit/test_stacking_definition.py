"""Definitions of stacking: one id for one outcome, and every fault said at once."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.indicator import Direction
from db.core.percentiles import Weighting
from db.core.record import plain, restore
from db.core.stacking_definition import (
    MOST_DOMAINS,
    MOST_INDICATORS,
    SCOPE_EN,
    SCOPE_NL,
    Fault,
    Problem,
    StackingDefinition,
    StackingDomain,
    WeightedIndicator,
    nplv_definition,
    problems_of,
)

WORSE = Direction.LOWER_IS_BETTER
DIRECTIONS = {
    "debts": WORSE,
    "income": Direction.HIGHER_IS_BETTER,
    "smokers": WORSE,
    "rented": Direction.NEUTRAL,
}
_WEIGHTS = st.floats(0.01, 100)


def domain(slug: str, *indicators: str, threshold: float | None = None) -> StackingDomain:
    weighted = tuple(WeightedIndicator(each) for each in indicators)
    return StackingDomain(slug, f"{slug} nl", f"{slug} en", weighted, threshold)


POVERTY = domain("poverty", "debts", "income")
HEALTH = domain("health", "smokers", threshold=80)
OWN = StackingDefinition("own", 1, "Eigen", "Own", (POVERTY, HEALTH))


def faults(definition: StackingDefinition) -> list[tuple[Fault, tuple[str | int, ...]]]:
    return [(each.fault, each.path) for each in problems_of(definition, DIRECTIONS)]


def weighted(*weights: float) -> StackingDefinition:
    names = ("debts", "income", "smokers")
    indicators = tuple(map(WeightedIndicator, names, weights))
    return replace(OWN, domains=(replace(POVERTY, indicators=indicators),))


def test_the_house_definition_has_the_decided_method_and_the_lists_it_is_given() -> None:
    house = nplv_definition(
        education=["a"], poverty=["b", "c"], health=["d"], work=["e"], housing=["f"], safety=["g"]
    )

    assert (house.label, house.thresholds) == ("nplv-like@1", (90.0,) * 6)
    assert (house.minimum_share, house.minimum_inhabitants) == (0.5, 200)
    assert house.weighting is Weighting.INHABITANTS
    assert [(each.slug, each.recipe) for each in house.domains] == [
        ("education", (("a", 1.0),)),
        ("poverty", (("b", 1.0), ("c", 1.0))),
        ("health", (("d", 1.0),)),
        ("work", (("e", 1.0),)),
        ("housing", (("f", 1.0),)),
        ("safety", (("g", 1.0),)),
    ]
    assert problems_of(house, dict.fromkeys("abcdefg", WORSE)) == ()


def test_a_domain_may_have_a_threshold_of_its_own() -> None:
    assert OWN.thresholds == (90.0, 80.0)


def test_one_threshold_for_all_replaces_those_of_the_domains_and_the_slug_says_so() -> None:
    moved = OWN.at_threshold(85)

    assert (moved.label, moved.thresholds) == ("own-at-85@1", (85.0, 85.0))
    assert moved.domains[1].indicators == HEALTH.indicators


def test_both_texts_keep_areas_apart_from_households() -> None:
    assert "huishoudens" in SCOPE_NL
    assert "households" in SCOPE_EN


def test_the_id_of_a_definition_stays_what_it_was() -> None:
    assert OWN.id == "350bcbdc2a985f54a676a51e1e331518"


def test_a_definition_stored_as_data_comes_back_with_the_same_id() -> None:
    stored = restore(StackingDefinition, plain(OWN))

    assert (stored, stored.id) == (OWN, OWN.id)


@pytest.mark.parametrize(
    "same",
    [
        replace(OWN, slug="other", version=7, name_nl="Anders", name_en="Different"),
        replace(OWN, domains=(replace(POVERTY, name_nl="Geld", name_en="Money"), HEALTH)),
        replace(OWN, domains=(domain("poverty", "income", "debts"), HEALTH)),
        replace(OWN, domains=(replace(POVERTY, threshold=90), HEALTH)),
        replace(OWN, threshold=90, minimum_share=float("0.50")),
    ],
    ids=["names", "names of domains", "order of indicators", "said twice", "way of writing"],
)
def test_what_changes_no_outcome_changes_no_id(same: StackingDefinition) -> None:
    assert same.id == OWN.id


@pytest.mark.parametrize(
    "other",
    [
        replace(OWN, threshold=math.nextafter(90, 91)),
        replace(OWN, domains=(POVERTY, replace(HEALTH, threshold=None))),
        replace(OWN, minimum_share=0.6),
        replace(OWN, minimum_inhabitants=201),
        replace(OWN, weighting=Weighting.AREAS),
        replace(OWN, domains=(POVERTY,)),
        replace(OWN, domains=(HEALTH, POVERTY)),
        replace(OWN, domains=(replace(POVERTY, slug="money"), HEALTH)),
        replace(OWN, domains=(domain("poverty", "debts"), HEALTH)),
        replace(OWN, domains=(domain("poverty", "income", "smokers"), domain("health", "debts"))),
        replace(OWN, domains=(weighted(1, 2).domains[0], HEALTH)),
    ],
)
def test_what_changes_an_outcome_changes_the_id(other: StackingDefinition) -> None:
    assert other.id != OWN.id


def test_a_definition_that_is_wrong_has_an_id_too() -> None:
    assert len({OWN.id, weighted(0.0, 0.0).id, replace(OWN, domains=()).id}) == 3


def test_slugs_cannot_be_written_so_that_two_definitions_share_an_id() -> None:
    one = replace(OWN, domains=(domain("a", "b", "c"),))
    other = replace(OWN, domains=(domain("a", "b'), ('c"),))

    assert one.id != other.id


@given(st.permutations([("debts", 1.0), ("income", 0.3), ("smokers", 2.5)]))
def test_no_order_of_indicators_changes_the_id(listed: list[tuple[str, float]]) -> None:
    indicators = tuple(WeightedIndicator(slug, weight) for slug, weight in listed)
    shuffled = replace(OWN, domains=(replace(POVERTY, indicators=indicators),))

    assert shuffled.id == weighted(1.0, 0.3, 2.5).id


@given(_WEIGHTS, _WEIGHTS, st.sampled_from([0.25, 2.0, 1024.0]))
def test_weights_are_relative_to_each_other(one: float, other: float, scale: float) -> None:
    assert weighted(one, other).id == weighted(one * scale, other * scale).id


def test_a_definition_in_order_has_no_problem() -> None:
    assert faults(OWN) == []


def test_all_problems_are_said_at_once_each_with_its_place() -> None:
    bad = WeightedIndicator("debts", 0.0)
    definition = replace(
        OWN,
        domains=(
            replace(domain("poverty", "rented", "nothing"), threshold=50.0),
            domain("empty"),
            replace(domain("poverty", "smokers"), indicators=(bad, bad)),
        ),
        threshold=100.0,
        minimum_share=0.0,
        minimum_inhabitants=-1,
    )

    assert faults(definition) == [
        (Fault.THRESHOLD, ("threshold",)),
        (Fault.MINIMUM_SHARE, ("minimum_share",)),
        (Fault.MINIMUM_INHABITANTS, ("minimum_inhabitants",)),
        (Fault.DOMAIN_TWICE, ("domains", 2, "slug")),
        (Fault.INDICATOR_TWICE, ("domains", 2, "indicators", 1, "slug")),
        (Fault.THRESHOLD, ("domains", 0, "threshold")),
        (Fault.NOT_ORIENTED, ("domains", 0, "indicators", 0, "slug")),
        (Fault.UNKNOWN_INDICATOR, ("domains", 0, "indicators", 1, "slug")),
        (Fault.NO_INDICATORS, ("domains", 1, "indicators")),
        (Fault.WEIGHT, ("domains", 2, "indicators", 0, "weight")),
        (Fault.WEIGHT, ("domains", 2, "indicators", 1, "weight")),
    ]


def test_an_indicator_may_not_count_in_two_domains() -> None:
    definition = replace(OWN, domains=(POVERTY, domain("health", "smokers", "debts")))

    assert faults(definition) == [
        (Fault.INDICATOR_TWICE, ("domains", 1, "indicators", 1, "slug")),
    ]


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_must_be_positive_and_finite(weight: float) -> None:
    found = faults(weighted(1.0, weight))

    assert found == [(Fault.WEIGHT, ("domains", 0, "indicators", 1, "weight"))]


@pytest.mark.parametrize("threshold", [50.0, 100.0, -1.0, math.nan, math.inf])
def test_a_threshold_lies_between_50_and_100(threshold: float) -> None:
    assert faults(replace(OWN, threshold=threshold)) == [(Fault.THRESHOLD, ("threshold",))]


@pytest.mark.parametrize("share", [0.0, 1.01, math.nan])
def test_a_minimum_share_is_a_share_and_not_nothing(share: float) -> None:
    assert faults(replace(OWN, minimum_share=share)) == [(Fault.MINIMUM_SHARE, ("minimum_share",))]


def test_the_numbers_of_domains_and_indicators_are_limited() -> None:
    slugs = [f"i{n}" for n in range(MOST_INDICATORS + 1)]
    directions = dict.fromkeys(slugs, WORSE)
    full = [domain(f"d{n}", *slugs[n:100:MOST_DOMAINS]) for n in range(MOST_DOMAINS)]
    fits = replace(OWN, domains=tuple(full))
    over = replace(OWN, domains=(*full, domain("last", slugs[-1])))

    assert problems_of(fits, directions) == ()
    assert [each.message for each in problems_of(over, directions)] == [
        "21 domains; at most 20 are allowed",
        "101 indicators over all domains; at most 100 are allowed",
    ]


def test_no_domains_at_all_is_a_problem() -> None:
    assert faults(replace(OWN, domains=())) == [(Fault.NO_DOMAINS, ("domains",))]


def test_a_problem_tells_in_both_languages_what_to_change() -> None:
    problem = Problem(Fault.THRESHOLD, ("threshold",), "100.0")

    assert problem.message == "threshold 100.0 must be above 50 and below 100"
    assert problem.message_nl == "drempel 100.0 moet boven 50 en onder 100 liggen"


def test_a_slug_with_braces_is_repeated_as_it_is_and_not_at_length() -> None:
    definition = replace(OWN, domains=(domain("poverty", "{0}" * 1000),))

    (problem,) = problems_of(definition, DIRECTIONS)
    assert problem.message == f"there is no indicator {'{0}' * 20!r}"


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_has_a_text_of_its_own_in_two_languages(fault: Fault) -> None:
    english, dutch = fault.value

    assert english != dutch
    assert english.count("{}") == dutch.count("{}") <= 1
