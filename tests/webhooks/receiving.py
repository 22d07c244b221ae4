"""A subscriber on this machine that speaks TLS, and the network as a test wants it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from service.webhooks.connecting import Connecting

HOST = "hooks.example.nl"
_FOLDER = Path(__file__).parent
CERTIFICATE = _FOLDER / "receiver.pem"
_OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """What came in, and what is answered: one answer after another, then the last one again."""

    answers: list[bytes] = field(default_factory=lambda: [_OK])
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    port: int = 0
    delay: float = 0.0

    async def resolve(self, name: str) -> list[str]:
        self.names.append(name)
        return ["127.0.0.1"]

    @property
    def connecting(self) -> Connecting:
        """Leads every name here, which is no public address."""
        trust = ssl.create_default_context(cafile=CERTIFICATE)
        return Connecting(self.resolve, lambda address: address == "127.0.0.1", self.port, trust)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        fields = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(fields["content-length"]))
        self.received.append((fields, body))
        await asyncio.sleep(self.delay)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        writer.write(answer)
        try:
            await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, _FOLDER / "receiver.key")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
