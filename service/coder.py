"""Codes bodies without holding up others: large ones in threads, dense ones one at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from service.coding import Coding, encoded
from service.representation import Representation, Sent

# Above, coding takes long enough to be felt by everybody else.
_LARGEST_AT_ONCE = 64 * 1024
# How often a large answer is asked for again before it is worth coding densely.
_OFTEN = 8


class Coder:
    """The one place where bodies are coded."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="leefbaarheid-coding")
        self._coding: dict[tuple[Representation, Coding], asyncio.Future[bytes]] = {}
        self._dense: asyncio.Task[None] | None = None

    def at_once(self, answer: Representation, coding: Coding) -> Sent | None:
        """The answer in a coding, where that takes no time to speak of."""
        if len(answer.body) > _LARGEST_AT_ONCE:
            return None
        return answer.add(coding, encoded(answer.body, coding))

    async def sent(self, answer: Representation, coding: Coding) -> Sent:
        """The answer in a coding; many who ask for it at once wait for one piece of work."""
        if len(answer.body) <= _LARGEST_AT_ONCE:
            return answer.add(coding, encoded(answer.body, coding))
        key = (answer, coding)
        work = self._coding.get(key)
        if work is None:
            work = self._coding[key] = self._in_thread(answer.body, coding)
            work.add_done_callback(lambda _: self._coding.pop(key, None))
        # A caller that leaves must not take the work from the others.
        body = await asyncio.shield(work)
        return answer.ready(coding) or answer.add(coding, body)

    def asked_again(
        self, answer: Representation, coding: Coding, changed: Callable[[Representation], None]
    ) -> None:
        """Begin to code densely what is large and asked for often."""
        if len(answer.body) <= _LARGEST_AT_ONCE or coding is Coding.IDENTITY:
            return
        answer.times += 1
        busy = self._dense is not None and not self._dense.done()
        if answer.times < _OFTEN or coding in answer.dense or busy:
            return
        self._dense = asyncio.ensure_future(self._densely(answer, coding, changed))

    async def _densely(
        self, answer: Representation, coding: Coding, changed: Callable[[Representation], None]
    ) -> None:
        body = await self._in_thread(answer.body, coding, dense=True)
        answer.add(coding, body, dense=True)
        changed(answer)

    def _in_thread(
        self, body: bytes, coding: Coding, *, dense: bool = False
    ) -> "asyncio.Future[bytes]":
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, lambda: encoded(body, coding, dense=dense))
