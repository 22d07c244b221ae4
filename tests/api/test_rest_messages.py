"""/v1/berichten: a message a publication, as feed readers want it."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from tests.api.resting import PUBLIC_URL, rest_client

_ATOM = "{http://www.w3.org/2005/Atom}"


async def _both(query: str = "") -> tuple[dict[str, Any], ElementTree.Element]:
    async with rest_client() as (client, _):
        feed = await client.get(f"/v1/berichten?f=jsonfeed{query}")
        atom = await client.get(f"/v1/berichten?f=atom{query}")
    assert feed.headers["content-type"] == "application/feed+json"
    assert atom.headers["content-type"] == "application/atom+xml"
    return feed.json(), ElementTree.fromstring(atom.content)


async def test_both_feeds_have_the_publications_newest_first_by_the_same_ids() -> None:
    feed, atom = await _both()
    titles = [each["title"] for each in feed["items"]]
    assert [title.split(" (")[0] for title in titles] == [f"Publicatie {n}" for n in (3, 2, 1)]
    entries = atom.findall(f"{_ATOM}entry")
    assert [each.findtext(f"{_ATOM}id") for each in entries] == [i["id"] for i in feed["items"]]
    assert [each.findtext(f"{_ATOM}title") for each in entries] == titles
    assert all(each["id"].startswith("urn:uuid:") for each in feed["items"])


async def test_what_atom_requires_of_a_feed_and_of_an_entry_is_there_once() -> None:
    _, atom = await _both()
    for element in (atom, *atom.findall(f"{_ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{_ATOM}{name}")) == 1
        moment = element.findtext(f"{_ATOM}updated")
        assert moment is not None
        assert datetime.fromisoformat(moment).tzinfo is not None
        assert moment.endswith("Z")
    assert atom.findtext(f"{_ATOM}author/{_ATOM}name") == "Leefbaarheid"
    links = {each.get("rel"): each.get("href") for each in atom.findall(f"{_ATOM}link")}
    assert links["self"] == f"{PUBLIC_URL}/v1/berichten?f=atom"


async def test_a_message_leads_to_its_publication_and_to_what_it_changed() -> None:
    feed, _ = await _both("&limit=1")
    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    async with rest_client() as (client, _):
        assert (await client.get(item["url"])).json()["nummer"] == 3
        page = (await client.get(item["_leefbaarheid"]["wijzigingen"])).json()
    assert page["resultaten"][0]["publicatie"] == 3


async def test_ids_stay_when_more_is_published_and_of_a_pinned_publication() -> None:
    newest, _ = await _both()
    pinned, _ = await _both("&publicatie=2")
    assert pinned["items"] == newest["items"][1:]
    assert pinned["_leefbaarheid"] == newest["_leefbaarheid"]
