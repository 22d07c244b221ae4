"""Whether all services say the same: one answer of each, compared value by value."""

import asyncio
from collections.abc import Mapping, Sequence

from tests.load.answers import said
from tests.load.client import ask
from tests.load.questions import DIALECTS, Question
from tests.load.services import Service


class Disagreement(Exception):
    """Two services answer the same question with other values: nothing can be compared."""


class NotAnswered(Exception):
    """A service does not know the question, or refuses it."""


def agree(
    question: Question, services: Sequence[Service], codes: Mapping[str, Sequence[str]]
) -> None:
    """Disagreement or NotAnswered, unless all give the same values for the same code."""
    answers: dict[str, object] = {}
    for service in services:
        requests = question.requests(service.name, codes)
        answer = asyncio.run(ask(service.port, requests[len(requests) // 2]))
        try:
            answers[service.name] = said(question.name, DIALECTS[service.name], answer.body)
        except (ValueError, KeyError, TypeError) as why:
            raise NotAnswered(f"{service.name} ({answer.status}): {why}") from None
    first = services[0].name
    for name, content in answers.items():
        if content != answers[first]:
            raise Disagreement(f"{question.name}: {name} answers otherwise than {first}")
