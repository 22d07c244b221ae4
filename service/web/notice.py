"""What every page says where the country that is served is invented."""

FICTIONAL = (
    '<p class="notice">Let op: deze gegevens zijn fictief. Voorbeeldland bestaat niet; '
    "gebruik deze cijfers nergens voor.</p>"
)
