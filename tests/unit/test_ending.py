"""What SIGTERM does to a command that is at work."""

import asyncio
import os
import signal
import time

import pytest

from service.ending import TERMINATED, ended_by_sigterm


def test_sigterm_ends_a_command_as_an_exception_does_and_lets_it_put_things_in_order() -> None:
    before, done = signal.getsignal(signal.SIGTERM), []

    async def working() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(5)
        finally:
            done.append("in order")

    with pytest.raises(SystemExit) as ended, ended_by_sigterm():
        asyncio.run(working())
    assert (ended.value.code, done) == (TERMINATED, ["in order"])
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_fork_ends_by_itself_without_undoing_what_its_parent_started() -> None:
    ready, say = os.pipe()
    with ended_by_sigterm():
        child = os.fork()
        if child == 0:
            os.write(say, b"!")
            time.sleep(20)
            os._exit(1)
        os.read(ready, 1)
        os.kill(child, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == TERMINATED
