"""A page for people out of a template; its files are all ours, invented data are called that."""

import html
from collections.abc import Mapping
from importlib.resources import files
from string import Template

from starlette.types import Receive, Scope, Send

from service.rest.conditions import changed_at
from service.rest.operation import Format
from service.rest.record import TEXT
from service.rest.spoken import Spoken
from service.web.assets import ASSETS
from service.web.landing import OTHER, TEXTS, Served, Serving

HTML = Format("html", "text/html", "text/html; charset=utf-8", TEXT, spoken=True)
Words = Mapping[str, Mapping[str, str]]
"""By language what the template has for a name; as HTML, written by us."""


class Page:
    """An endpoint; `loads` gives the template's names for the assets it loads."""

    def __init__(
        self,
        template: str,
        serving: Serving,
        *,
        policy: str,
        loads: Mapping[str, str],
        words: Words,
    ) -> None:
        self._serving = serving
        self._fields = ((b"content-security-policy", policy.encode()),)
        text = Template(files("service").joinpath(f"web/{template}").read_text(encoding="utf-8"))
        addresses = {name: ASSETS[asset].address for name, asset in loads.items()}
        self._texts = {
            (language, fictional): text.substitute(
                addresses,
                lang=language,
                other_lang=OTHER[language],
                other_name=TEXTS[language]["other"],
                notice=_notice(language) if fictional else "",
                **words[language],
            ).encode()
            for language in OTHER
            for fictional in (False, True)
        }
        self._shown: tuple[Served | None, Spoken] = None, self._of(None)
        self.parameters = self._shown[1].parameters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        served = self._serving()
        if served != self._shown[0]:
            self._shown = served, self._of(served)
        await self._shown[1](scope, receive, send)

    def _of(self, served: Served | None) -> Spoken:
        """The page as long as this is served."""
        fictional = served is not None and served.fictional
        moment = served.moment if served is not None else None
        return Spoken(
            [HTML],
            lambda language: self._texts[language, fictional],
            self._fields,
            changed=moment and changed_at(moment),
        )


def _notice(language: str) -> str:
    return f'<p class="notice">{html.escape(TEXTS[language]["notice"])}</p>'
