// Starts Swagger UI in the page; a file of its own, because the page allows no script inside it.
"use strict";

const place = document.getElementById("api");
const otherwise = document.querySelector(".languages a");

// The other language shows the same operation.
otherwise.addEventListener("click", () => (otherwise.hash = location.hash));

SwaggerUIBundle({
  domNode: place,
  // The addresses of the description are those of the public; a try goes to this very service.
  url: new URL(place.dataset.description, window.location.href).href,
  requestInterceptor: (request) => {
    const asked = new URL(request.url);
    request.url = window.location.origin + asked.pathname + asked.search;
    return request;
  },
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  supportedSubmitMethods: ["get"],
  validatorUrl: null,
});
