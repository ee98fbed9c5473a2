const main = document.getElementById("main");
window.SwaggerUIBundle({
  domNode: main,
  url: main.dataset.description,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
