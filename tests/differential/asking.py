"""Asks both executors and says in full where they differ."""

import asyncio

from graphql import GraphQLSchema
from hypothesis import reject

from tests.differential.comparison import differences, needs_relaxed, report, shown
from tests.differential.documents import Case, Request
from tests.differential.executors import Answer, ContextFactory, Executor, Subject, TooMuch


async def compare_all(
    subject: Subject, case: Case, context: ContextFactory, relaxed: GraphQLSchema
) -> None:
    """One new engine is asked everything in turn; each answer is the reference's."""
    ask = subject.engine(context)
    for request in case.requests:
        ours = await _asked(ask, request)
        await compare(subject, request, ours, context, relaxed)


async def compare_at_once(
    subject: Subject, case: Case, context: ContextFactory, relaxed: GraphQLSchema
) -> None:
    """The same, all asked before any is answered."""
    ask = subject.engine(context)
    answers = await asyncio.gather(*(_asked(ask, request) for request in case.requests))
    for request, ours in zip(case.requests, answers, strict=True):
        await compare(subject, request, ours, context, relaxed)


async def _asked(ask: Executor, request: Request) -> Answer:
    """Our answer; what is over a limit is not compared, and nothing may be raised."""
    try:
        return await ask(request)
    except TooMuch:
        reject()
    except Exception as error:
        raise AssertionError(f"raised {error!r}\n{shown(request)}") from error


async def compare(
    subject: Subject,
    request: Request,
    ours: Answer,
    context: ContextFactory,
    relaxed: GraphQLSchema,
) -> None:
    """AssertionError with document, variables and both answers where they differ."""
    theirs = await subject.reference(context)(request)
    unbound = None
    if needs_relaxed(ours, theirs):
        unbound = await subject.reference(context, relaxed)(request)
    found = differences(ours, theirs, unbound)
    assert not found, report(request, ours, theirs, found)


async def is_different(
    wrong: Executor, subject: Subject, case: Case, context: ContextFactory
) -> bool:
    """Whether the comparison tells an executor from the reference."""
    reference = subject.reference(context)
    for request in case.requests:
        if differences(await wrong(request), await reference(request)):
            return True
    return False
