// Relative, so that the page works below any path of a reverse proxy.
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  // A token that outlives the page could be taken from the browser's storage.
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
