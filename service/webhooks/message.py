"""What a subscriber is sent: a thin message that says where to look, signed by the standard."""

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from standardwebhooks import Webhook

from service.headers import VERSIONED

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    """The same however often it is sent: a subscriber that has it already can leave it."""
    body: bytes

    def headers(self, keys: Sequence[str], now: datetime) -> dict[str, str]:
        """With a signature for each secret that is valid now."""
        moment = now.astimezone(UTC)
        signed = (Webhook(key).sign(self.id, moment, self.body.decode()) for key in keys)
        return {
            "content-type": "application/json",
            "user-agent": "leefbaarheid-webhooks",
            "webhook-id": self.id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signed),
        }


def of_publication(
    webhook: str,
    number: int,
    published_at: datetime,
    counts: Mapping[str, int],
    public_url: str,
    *,
    fictional: bool,
) -> Message:
    """That there is a publication, what it changed in numbers, and where its changes begin."""
    data = {
        "publication": number,
        "fictional": fictional,
        "counts": dict(counts),
        "cursor": str(number - 1),
        "changes": f"{public_url}{VERSIONED}/wijzigingen?sinds={number - 1}",
    }
    return _message(f"msg_{webhook}_{number}", "publication.created", published_at, data)


def trial(webhook: str, now: datetime) -> Message:
    """A message that is about nothing, to see whether it arrives."""
    return _message(f"msg_{webhook}_test_{int(now.timestamp())}", "test", now, {})


def new_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def valid_keys(row: Mapping[str, Any], now: datetime) -> list[str]:
    """The secret of a subscription, and the former one while it is rotated."""
    former, until = row["former_secret"], row["former_until"]
    return [row["secret"]] + ([former] if former is not None and until > now else [])


def _message(id_: str, type_: str, moment: datetime, data: Mapping[str, object]) -> Message:
    body = {"type": type_, "timestamp": moment.astimezone(UTC).isoformat(), "data": data}
    return Message(id_, orjson.dumps(body))
