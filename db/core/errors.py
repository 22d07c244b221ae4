"""What can go wrong, as facts. Each edge (GraphQL, REST, command line) translates them once."""

from collections.abc import Sequence

from db.core.publication import WithdrawnPublication


class LeefbaarheidError(Exception):
    """Base of every error whose text may be shown to a caller."""


class MalformedCode(LeefbaarheidError):
    """Text that is no area code."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text.strip()[:20]!r} is no area code; expected GM + 4 digits, "
            "WK + 4 digits + 2 characters or BU + 4 digits + 4 characters"
        )


class RefusedFile(LeefbaarheidError):
    """A publisher's file that must not be loaded; the message says why. Not a failure."""


class BrokenLoad(LeefbaarheidError):
    """A publisher's answer that is incomplete, contradictory or not what it says it is."""


class CountMismatch(BrokenLoad):
    """The publisher announced another number of rows than it delivered."""

    def __init__(self, what: str, expected: int, received: int) -> None:
        super().__init__(f"{what}: publisher announces {expected} rows, {received} received")
        self.expected = expected
        self.received = received


class ShrunkLoad(BrokenLoad):
    """A new edition that lacks much of what the same dataset had before: likely cut off."""

    def __init__(self, had: int, lacks: int) -> None:
        super().__init__(
            f"this edition lacks {lacks:,} of the {had:,} cells that the same dataset had before; "
            "if the publisher has really withdrawn them, load it with --accept-loss"
        )


class Unbalanced(BrokenLoad):
    """A reconciliation whose sums do not add up: a bug in a loader, never published."""


class DataFolderInUse(LeefbaarheidError):
    """Another process holds the data folder."""

    def __init__(self, folder: object, pid: str) -> None:
        super().__init__(
            f"data folder {folder} is in use by process {pid}; "
            "stop that process or set LEEFBAARHEID_DATA_DIR to another folder"
        )


class DataFolderUnusable(LeefbaarheidError):
    """A data folder that cannot hold the embedded PostgreSQL."""

    def __init__(self, folder: object, why: str) -> None:
        super().__init__(f"data folder {folder} cannot be used: {why}")


class PostgresDidNotStart(LeefbaarheidError):
    """The embedded PostgreSQL did not come up."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the embedded PostgreSQL did not start: {why}")


class StoreUnreachable(LeefbaarheidError):
    """Nothing answers where the store should be. The address may hold a password: never shown."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the store does not answer ({why}); check the host and port in DATABASE_URL, "
            "that PostgreSQL runs there and that this machine may connect to it"
        )


class MigrationChanged(LeefbaarheidError):
    """A migration file that is not what was applied to this database."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"migration {file} {why}; restore the file and add a new one instead")


class InvalidReference(LeefbaarheidError):
    """A reference fact that is incomplete, misspelt or contradicts another one."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"{file}, {entry}: {problem}")
        self.file = file
        self.entry = entry
        self.problem = problem


class UnknownPublication(LeefbaarheidError):
    """A publication number that does not exist."""

    def __init__(self, number: int | None) -> None:
        super().__init__(
            "nothing has been published yet; run `leefbaarheid demo` or `leefbaarheid ingest`"
            if number is None
            else f"there is no publication {number}"
        )
        self.number = number


class PublicationWithdrawn(LeefbaarheidError):
    """A publication that was there and must not be answered from any more."""

    def __init__(self, gone: WithdrawnPublication) -> None:
        on = gone.withdrawn_at.date().isoformat()
        super().__init__(
            f"publication {gone.number} was withdrawn on {on}: {gone.reason_en}; "
            "name another one, or none for the newest"
        )
        self.message_nl = (
            f"publicatie {gone.number} is op {on} ingetrokken: {gone.reason_nl}; "
            "noem een andere, of geen voor de nieuwste"
        )
        self.number = gone.number


class PublicationServed(LeefbaarheidError):
    """The newest publication, which everybody is answered from, cannot be withdrawn."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"publication {number} is the newest: publish a better one first, then withdraw it"
        )


class FetchFailed(BrokenLoad):
    """An answer that could not be had now; what was fetched before it stays usable."""


class UntrustedAddress(FetchFailed):
    """An address outside the allowed hosts, or not over https."""


class UntrustedRedirect(UntrustedAddress):
    """A redirect, or a link to the next page, that leads to a host not allowed."""


class PublisherRefused(FetchFailed):
    """A status that trying again does not change: the address, layer or filter is wrong."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(
            f"{what}: the publisher answers HTTP {status}; "
            "the table, layer or filter of this dataset may have been renamed"
        )
        self.status = status


class PublisherUnavailable(FetchFailed):
    """No usable answer after every attempt."""


class PublisherAsksToWait(FetchFailed):
    """A Retry-After longer than an ingest is willing to wait."""

    def __init__(self, what: str, until: str) -> None:
        super().__init__(f"{what}: the publisher asks to wait; try again after {until}")
        self.until = until


class PublisherTooSlow(FetchFailed):
    """An answer that was not complete within the total time allowed."""


class BrokenDownload(FetchFailed):
    """A body shorter than announced, after every attempt to resume or restart."""


class AnswerTooLarge(BrokenLoad):
    """An answer that is, or inflates to, more than the limit."""


class NotWhatWasAsked(BrokenLoad):
    """Another kind of content than was asked for, such as a page of HTML with status 200."""


class TruncatedAnswer(BrokenLoad):
    """A body of the announced length whose JSON or XML ends too early or is malformed."""


class EndlessPaging(BrokenLoad):
    """The same page, or the same link to a next page, twice: the rows would be counted double."""


class ChangedMeanwhile(BrokenLoad):
    """A publisher that released another edition between the first page and the last."""


class UnknownKey(BrokenLoad):
    """A filter on a key that the publisher's dimension does not have."""


class MissingFile(BrokenLoad):
    """A mirror folder without a file that the dataset needs."""

    def __init__(self, dataset: str, role: str, pattern: str) -> None:
        super().__init__(f"dataset {dataset}: no file matches {pattern!r} (part {role!r})")
        self.pattern = pattern


class SettingsWrong(LeefbaarheidError):
    """Settings that cannot be used: every problem at once, and never a value."""

    def __init__(self, problems: "list[str]") -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class AddressTaken(LeefbaarheidError):
    """Nothing can be served at the address that was asked for."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"cannot listen on {address}: {why}; "
            "set LEEFBAARHEID_HOST and LEEFBAARHEID_PORT to a free address"
        )


class InvalidCatalogue(LeefbaarheidError):
    """An indicator catalogue that contradicts itself or lacks what it must say."""


class RealDataPresent(LeefbaarheidError):
    """The demonstration country would stand over real data."""

    def __init__(self) -> None:
        super().__init__(
            "this store holds real data; the demonstration country is not loaded over it. "
            "Set LEEFBAARHEID_DATA_DIR or DATABASE_URL to another store"
        )


class NothingToLoad(LeefbaarheidError):
    """A folder in which no known dataset was found."""

    def __init__(self, known: int) -> None:
        super().__init__(
            f"the folder holds none of the {known} datasets we know; "
            "`leefbaarheid ingest --list` shows which files are looked for"
        )


class UnknownDataset(LeefbaarheidError):
    """A name that no dataset or source has."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"no dataset or source is called {name[:60]!r}; known: {', '.join(known)}")


class UnknownSystem(BrokenLoad):
    """Coordinates that are neither RD nor degrees in the Netherlands, or cannot be told apart."""


class OwnSlugInRelease(LeefbaarheidError):
    """A slug of somebody's own that this release gives to an indicator of a publisher."""

    def __init__(self, kind: str, slug: str) -> None:
        super().__init__(
            f"this release has a published {kind} {slug!r}, and this store has one of your own; "
            f"withdraw yours first: leefbaarheid ingest own --withdraw {slug}"
        )


class RefusedOwnData(LeefbaarheidError):
    """Files of somebody's own with anything wrong in them: all of it, and nothing is loaded."""

    def __init__(self, problems: Sequence[str], more: int = 0) -> None:
        listed = [*problems, f"... and {more:,} more"] if more else list(problems)
        super().__init__("nothing is loaded:\n" + "\n".join(f"  {each}" for each in listed))
        self.problems = tuple(problems)
        self.more = more


class NoOwnIndicator(LeefbaarheidError):
    """A slug to withdraw that no indicator of somebody's own has."""

    def __init__(self, slug: str, own: Sequence[str]) -> None:
        super().__init__(
            f"this store has no indicator {slug[:60]!r} of your own; it has: "
            f"{', '.join(own) or 'none'}"
        )


class OwnIndicatorInUse(LeefbaarheidError):
    """An indicator to withdraw that others are divided or weighted by."""

    def __init__(self, slug: str, users: Sequence[str]) -> None:
        super().__init__(
            f"{', '.join(users)} are divided or weighted by {slug}; withdraw them first"
        )
