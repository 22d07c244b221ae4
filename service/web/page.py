"""A page for people out of a template; its files are all ours, invented data are called that."""

from collections.abc import Mapping
from importlib.resources import files
from string import Template

from starlette.types import Receive, Scope, Send

from service.rest.conditions import changed_at
from service.rest.fixed import Fixed
from service.rest.operation import Format
from service.rest.record import TEXT
from service.web.assets import ASSETS
from service.web.landing import Served, Serving

HTML = Format("html", "text/html", "text/html; charset=utf-8", TEXT)
_FICTIONAL = (
    '<p class="notice">Let op: deze gegevens zijn fictief. Voorbeeldland bestaat niet; '
    "gebruik deze cijfers nergens voor.</p>"
)


class Page:
    """An endpoint; `loads` gives the template's names for the assets it loads."""

    def __init__(
        self, template: str, serving: Serving, *, policy: str, loads: Mapping[str, str]
    ) -> None:
        self._serving = serving
        self._fields = ((b"content-security-policy", policy.encode()), (b"content-language", b"nl"))
        text = Template(files("service").joinpath(f"web/{template}").read_text(encoding="utf-8"))
        addresses = {name: ASSETS[asset].address for name, asset in loads.items()}
        self._texts = {
            fictional: text.substitute(addresses, notice=notice).encode()
            for fictional, notice in ((False, ""), (True, _FICTIONAL))
        }
        self._shown: tuple[Served | None, Fixed] = None, self._of(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        served = self._serving()
        if served != self._shown[0]:
            self._shown = served, self._of(served)
        await self._shown[1](scope, receive, send)

    def _of(self, served: Served | None) -> Fixed:
        """The page as long as this is served."""
        text = self._texts[served is not None and served.fictional]
        moment = served.moment if served is not None else None
        return Fixed([HTML], text, self._fields, changed=moment and changed_at(moment))
