"""The query that the command line, the landing page, GraphiQL and the README show first.

One for Voorbeeldland, so that a fresh start answers it, and the same for the real country.
"""

_SHOWN = """\
{
  wijk(%s) {
    name
    vintage
    gemeente { name }
    observations(indicators: ["population", "poverty_share"]) {
      ... on Observation {
        indicator { slug }
        year
        value
        status
        reasonText(language: EN)
        provenance { dataset source { publisher licence } }
      }
    }
    memberships {
      focusArea { name programme { name } }
      certainty
      validFrom
    }
  }
}
"""
QUERY = _SHOWN % 'code: "WK900210"'
"""About Voorbeeldland; a test runs it and compares the answer with the README."""

REAL_QUERY = _SHOWN % 'code: "WK034403", vintage: 2024'
"""About Overvecht in Utrecht."""
