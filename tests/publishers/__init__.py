"""A local server that answers as the publishers do, with faults to switch on."""

from tests.publishers.server import PublisherServer

__all__ = ["PublisherServer"]
