"""Why a group has no aggregate or no quartiles, in words: the core's, and those of the schema."""

from db.core.benchmarks import Refusal
from schema.comparison_enums import BenchmarkRefusal

_TEXTS = {
    BenchmarkRefusal.PARTS_NOT_LOADED: (
        "Teller of noemer van dat jaar is voor deze grenzen niet geladen.",
        "Numerator or denominator of that year is not loaded for these boundaries.",
    ),
    BenchmarkRefusal.TOO_FEW_AREAS: (
        "Van de groep hebben minder dan 3 gebieden een waarde; over zo weinig gebieden wordt niet "
        "geteld.",
        "Fewer than 3 areas of the group have a value; so few are not counted together.",
    ),
    BenchmarkRefusal.WOULD_REVEAL: (
        "Met wat gepubliceerd is zou de som een waarde verraden die de bron geheim houdt.",
        "With what is published, the sum would tell a value that the source withholds.",
    ),
    BenchmarkRefusal.NOT_STATED: (
        "Voor dit niveau en deze indeling zijn van het programma geen leden opgegeven; een code "
        "uit een andere indeling kan een ander gebied zijn.",
        "The programme states no members of this level and vintage, and a code of another vintage "
        "may be another area.",
    ),
    BenchmarkRefusal.NOT_DIVIDED: (
        "Op dit niveau zou de groep uit één gebied bestaan.",
        "At this level the group would be a single area.",
    ),
    BenchmarkRefusal.NOT_LAND: (
        "Water en buitenland worden met niets vergeleken.",
        "Water and abroad are compared with nothing.",
    ),
    BenchmarkRefusal.PEERS_UNKNOWN: (
        "Van de context is in dit jaar en op deze grenzen te weinig bekend om te zeggen welke "
        "gebieden vergelijkbaar zijn; noem met `peers` andere indicatoren.",
        "Too little of the context is known in this year and on these boundaries to say which "
        "areas are comparable; name other indicators with `peers`.",
    ),
}


def refusal_words(refusal: BenchmarkRefusal, language: str) -> str:
    """The explanation for people, in `nl` or `en`."""
    if refusal in _TEXTS:
        return _TEXTS[refusal][language == "en"]
    return Refusal(refusal.value).text(language)
