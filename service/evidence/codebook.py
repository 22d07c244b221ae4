"""What the columns and words of the tables in a bundle mean, for a reader without the "
"service. Pure."""

_PLACE_NL = (
    "## De tabel\n\n"
    "`gegevens.csv`, `kaart.geojson` en `kaart.gpkg` hebben dezelfde kolommen, een rij "
    "per gebied.\n\n"
    "- `publicatie`: het nummer van de publicatie; `niveau`, `indeling` (het jaar van de grenzen), "
    "`code` en `naam` van het gebied. Een code betekent alleen iets met haar indeling.\n"
)
_PLACE_EN = (
    "## The table\n\n"
    "`gegevens.csv`, `kaart.geojson` and `kaart.gpkg` have the same columns, a row for "
    "each area.\n\n"
    "- `publicatie`: the number of the publication; `niveau` (level), `indeling` (the year of the "
    "boundaries), `code` and `naam` (name) of the area. A code means something only with "
    "its year.\n"
)
_BASIS_NL = (
    "\n`waarden.csv` heeft de cijfers waaruit dit berekend is: een rij per gebied en "
    "indicator, met "
    "`jaar`, `waarde`, `status` en `reden` (waarom een waarde er is of ontbreekt) en `percentiel`, "
    "haar plaats van 0 tot 100 (100 het slechtst), leeg waar zij niet meedoet. De rijen van "
    "`population` zijn de inwoners waarnaar gewogen en waarop de ondergrens getoetst is. "
    "`definitie.json` zegt van elke indicator of hoog goed of slecht is (`hoogIs`), en met `jaar` "
    "leeg welke op deze grenzen geen cijfers heeft.\n"
)
_BASIS_EN = (
    "\n`waarden.csv` has the figures that this was worked out from: a row for each area and "
    "indicator, with `jaar` (year), `waarde` (value), `status` and `reden` (why a value "
    "is there or "
    "not) and `percentiel`, its place from 0 to 100 (100 the worst), empty where it takes no part. "
    "The rows of `population` are the inhabitants that areas are weighed by and that the minimum "
    "is about. `definitie.json` says of each indicator whether high is good (`goed`) or bad "
    "(`slecht`) (`hoogIs`), and by an empty `jaar` which has no figures on these boundaries.\n"
)

AS_BAD_NL = (
    _PLACE_NL + "- `oordeel`: `REFERENCE` is waarmee vergeleken is, `YES` minstens even slecht, "
    "`CANNOT_BE_SAID` niet te zeggen, `NO` beter, `LEFT_OUT` lid van het programma dat "
    "niet meedoet, "
    "`NOT_JUDGED` niet beoordeeld: water, buitenland, te weinig inwoners of inwoners onbekend.\n"
    "- `programma`: of het gebied bij het programma hoort dat niet meedoet: `MEMBER` (lid), "
    "`MEMBER_IN_PART` (voor een deel), `CANDIDATE` (kandidaat), `NOT_A_MEMBER` (geen "
    "lid); leeg als "
    "er geen programma gevraagd is.\n"
    "- `marge`: zie hierboven. `aantalMin` en `aantalMax`: in hoeveel domeinen het minstens en "
    "hoogstens even slecht is.\n"
    "- `percentiel_…` en `oordeel_…`: hetzelfde per domein, met `YES`, `NO` en `CANNOT_BE_SAID`.\n"
    + _BASIS_NL
)
AS_BAD_EN = (
    _PLACE_EN
    + "- `oordeel` (standing): `REFERENCE` is what is compared with, `YES` at least as bad, "
    "`CANNOT_BE_SAID` cannot be said, `NO` better, `LEFT_OUT` a member of the programme that takes "
    "no part, `NOT_JUDGED` not judged: water, abroad, too few inhabitants or inhabitants unknown.\n"
    "- `programma`: whether the area belongs to the programme that takes no part: `MEMBER`, "
    "`MEMBER_IN_PART`, `CANDIDATE`, `NOT_A_MEMBER`; empty where no programme was asked for.\n"
    "- `marge`: see above. `aantalMin` and `aantalMax`: in how many domains it is as bad, at least "
    "and at most.\n"
    "- `percentiel_…` and `oordeel_…`: the same by domain, with `YES`, `NO` and `CANNOT_BE_SAID`.\n"
    + _BASIS_EN
)
STACKING_NL = (
    _PLACE_NL + "- `beoordeeld`: `ja` of `nee` (water, buitenland, te weinig inwoners of inwoners "
    "onbekend). `aantal`, `aantalMin` en `aantalMax`: zie hierboven.\n"
    "- `percentiel_…` en `overschreden_…`: per domein de plaats en of zij op of boven de drempel "
    "ligt: `YES`, `NO` of `UNKNOWN` (onbekend).\n" + _BASIS_NL
)
STACKING_EN = (
    _PLACE_EN
    + "- `beoordeeld` (judged): `ja` (yes) or `nee` (no: water, abroad, too few inhabitants "
    "or inhabitants unknown). `aantal`, `aantalMin` and `aantalMax`: see above.\n"
    "- `percentiel_…` and `overschreden_…`: by domain the place, and whether it is at or above the "
    "threshold: `YES`, `NO` or `UNKNOWN`.\n" + _BASIS_EN
)
SPREAD_NL = (
    _PLACE_NL + "- `waarde`: de last; `status` en `reden`: waarom die er is of ontbreekt; "
    "`afgezetTegen`: waartegen de last van het gebied wordt afgezet; `quotient`: zie hierboven.\n"
    "- `deelInProgramma`, als een programma gevraagd is: welk deel van het gebied erin ligt, 0 tot "
    "1; leeg waar dat niet bekend is.\n"
)
SPREAD_EN = (
    _PLACE_EN
    + "- `waarde`: the load; `status` and `reden`: why it is there or not; `afgezetTegen`: "
    "what the load of the area is set against; `quotient`: see above.\n"
    "- `deelInProgramma`, where a programme was asked for: the part of the area that is "
    "in it, 0 to "
    "1; empty where that is not known.\n"
)
