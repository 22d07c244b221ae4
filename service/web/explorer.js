// Starts GraphiQL in the page; a file of its own, because the page allows no script inside it.
"use strict";

const place = document.getElementById("graphiql");
const asked = new URLSearchParams(window.location.search);

ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
    defaultQuery: place.dataset.example,
    query: asked.get("query") ?? undefined,
    variables: asked.get("variables") ?? undefined,
    defaultEditorToolsVisibility: true,
  }),
);
