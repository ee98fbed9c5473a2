import figure from "./figure.mjs";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Puts the picture that a link leads to in the link's place; for those who ask for less motion, the still one. */
export default async function show(link) {
  const response = await fetch(`${link.pathname}/${calm.matches ? "still" : "moving"}.svg${link.search}`);
  const text = await response.text();
  if (!response.ok || !link.isConnected) return;
  const place = link.parentElement;
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const moving = document.createElement("div");
  const button = document.createElement("button");
  moving.className = "moving";
  Object.assign(button, { type: "button", className: "button", textContent: "Pause", hidden: true });
  moving.append(document.adoptNode(svg), button);
  link.replaceWith(moving);
  figure(place);
}
