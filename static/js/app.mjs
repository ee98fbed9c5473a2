const started = new WeakMap();

async function start(element) {
  const names = started.get(element) ?? started.set(element, new Set()).get(element);
  for (const name of element.dataset.module.split(/\s+/)) {
    if (!/^[a-z][a-z-]*$/.test(name) || names.has(name)) continue;
    names.add(name);
    const module = await import(`./${name}.mjs`);
    module.default(element);
  }
}

function scan(root) {
  if (root.matches?.("[data-module]")) start(root);
  for (const element of root.querySelectorAll("[data-module]")) start(element);
}

scan(document);
document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
document.getElementById("errors")?.focus();

// Of a double tap the second sends nothing: what the first uses up, such as a link for one phone, would be gone for it.
const sent = new WeakMap();
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.timeStamp - sent.get(event.target) < 1000) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});
