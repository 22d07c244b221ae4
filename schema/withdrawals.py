"""What is said of an indicator of somebody's own that was here and is not any more."""

from db.core.programme import Withdrawal
from schema.refusal import Refusal


def withdrawn_texts(gone: Withdrawal) -> tuple[str, str]:
    """What is said of an indicator that was here, in English and in Dutch."""
    on = gone.withdrawn_on.isoformat()
    why = f' ("{gone.reason}")' if gone.reason else ""
    return (
        f"{gone.slug} ({gone.name_en}) of {gone.publisher} was withdrawn on {on}{why}; earlier "
        "publications still have it",
        f"{gone.slug} ({gone.name_nl}) van {gone.publisher} is ingetrokken op {on}{why}; eerdere "
        "publicaties hebben het nog",
    )


class Withdrawn(Refusal):
    """An indicator of somebody's own that this publication does not have any more."""

    code = "WITHDRAWN"

    def __init__(self, gone: Withdrawal, *, argument: str) -> None:
        en, nl = withdrawn_texts(gone)
        day = gone.withdrawn_on.isoformat()
        super().__init__(en, nl, argument=argument, slug=gone.slug, withdrawnOn=day)
