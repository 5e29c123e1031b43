// Starts Swagger UI on our document, and on nothing else: it reads no address from ours, keeps no token, asks no validator, and
// sends no cookie with what is tried out.
(() => {
  'use strict';
  window.SwaggerUIBundle({
    url: '/api/v1/openapi.json',
    domNode: document.getElementById('viewer'),
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    deepLinking: false,
    queryConfigEnabled: false,
    persistAuthorization: false,
    withCredentials: false,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.credentials = 'omit';
      return request;
    },
  });
})();
