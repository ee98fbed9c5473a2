import figure from "./figure.mjs";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The picture of a row comes when its fold is opened; until then, and without a network, there is a link to it. */
export default function figures() {
  document.addEventListener("toggle", ({ target }) => {
    const link = target.open && target.querySelector("a.see");
    if (link) show(link).catch(() => {});
  }, true);
}

async function show(link) {
  const place = link.parentElement;
  const response = await fetch(`${link.pathname}/${calm.matches ? "still" : "moving"}.svg${link.search}`);
  if (!response.ok || !link.isConnected) return;
  const svg = new DOMParser().parseFromString(await response.text(), "image/svg+xml").documentElement;
  const moving = document.createElement("div");
  const button = document.createElement("button");
  moving.className = "moving";
  Object.assign(button, { type: "button", className: "button", textContent: "Pause", hidden: true });
  moving.append(document.adoptNode(svg), button);
  link.replaceWith(moving);
  figure(place);
}
