// Draws one map out of its vector tiles. `#wijken-2024` in the address names which.

const place = document.getElementById("map");
const choice = document.getElementById("collection");
const said = document.getElementById("area");
const { notDrawn, noName, closer, further, sources } = place.dataset;
const language = document.documentElement.lang;
const otherwise = document.querySelector(".languages a");
const { Map, NavigationControl, setWorkerUrl } = await import(place.dataset.library);
setWorkerUrl(new URL(place.dataset.worker, location.href).href);

// Addresses in answers are those of the public; the page asks this very service.
const ours = (address) => {
  const asked = new URL(address, location.href);
  return location.origin + asked.pathname + asked.search;
};

async function answer(address) {
  const got = await fetch(ours(address), { headers: { accept: "application/json" } });
  if (!got.ok) throw new Error(`${got.status} ${address}`);
  return got.json();
}

// The other language shows the same map.
otherwise.addEventListener("click", () => (otherwise.hash = location.hash));

const tilesets = (collection) => collection.links.find((link) => link.rel.endsWith("/tilesets-vector"));
const { collections } = await answer(place.dataset.collections);
const drawn = collections.filter(tilesets);
for (const each of drawn) choice.add(new Option(each.title, each.id));

async function show() {
  const asked = location.hash.slice(1);
  const first = drawn.find((each) => each.id.startsWith("wijken-")) ?? drawn[0];
  const collection = drawn.find((each) => each.id === asked) ?? first;
  choice.value = collection.id;
  const described = await fetch(ours(`${tilesets(collection).href}/WebMercatorQuad?f=tilejson&lang=${language}`));
  if (!described.ok) {
    said.textContent = notDrawn;
    return;
  }
  const { name, tiles, bounds, minzoom, maxzoom, attribution, promoteId } = await described.json();
  const [layer] = Object.keys(promoteId);
  const source = {
    type: "vector",
    tiles: tiles.map((each) => decodeURI(ours(each))),
    bounds, minzoom, maxzoom, attribution, promoteId,
  };
  const paint = ["case", ["boolean", ["feature-state", "pointed"], false], "#00538f", "#9fc9e8"];
  const common = { source: "areas", "source-layer": layer };
  const map = new Map({
    container: place,
    bounds,
    // The line of sources lies over the map below.
    fitBoundsOptions: { padding: { top: 20, right: 20, bottom: 48, left: 20 } },
    locale: {
      "Map.Title": place.ariaLabel,
      "NavigationControl.ZoomIn": closer,
      "NavigationControl.ZoomOut": further,
      "AttributionControl.ToggleAttribution": sources,
    },
    style: {
      version: 8,
      sources: { areas: source },
      layers: [
        { id: "paper", type: "background", paint: { "background-color": "#ffffff" } },
        { id: "fill", type: "fill", ...common, paint: { "fill-color": paint } },
        { id: "border", type: "line", ...common, paint: { "line-color": "#1b1b1b", "line-width": 1 } },
      ],
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  let pointed = null;
  const point = (feature) => {
    const area = { source: "areas", sourceLayer: layer, id: feature.id };
    if (pointed) map.setFeatureState(pointed, { pointed: false });
    map.setFeatureState((pointed = area), { pointed: true });
    said.textContent = `${feature.properties.naam ?? noName} (${feature.id})`;
  };
  for (const way of ["mousemove", "click"]) map.on(way, "fill", ({ features: [feature] }) => point(feature));
  // Who moves the map with the keys points with its middle.
  const atMiddle = () => {
    if (!map.getLayer("fill") || !map.getCanvas().matches(":focus-visible")) return;
    const [feature] = map.queryRenderedFeatures(map.project(map.getCenter()), { layers: ["fill"] });
    if (feature) point(feature);
  };
  map.on("moveend", atMiddle);
  map.getCanvas().addEventListener("focus", atMiddle);
  map.once("idle", () => (document.title = `${name} – Leefbaarheid`));
  place.dataset.shown = collection.id;
}

choice.addEventListener("change", () => (location.hash = choice.value));
addEventListener("hashchange", () => location.reload());
await show();
