/** A picture that plays twice by itself: a button pauses it, lets it go on, and plays it again when it is over. */
export default function figure(place) {
  const svg = place.querySelector(".moving svg");
  const movement = svg?.querySelector("animateTransform");
  if (!movement) return;
  const button = place.querySelector("button");
  button.hidden = false;
  movement.addEventListener("endEvent", () => { button.textContent = "Play again"; });
  button.addEventListener("click", () => {
    const pauses = button.textContent === "Pause";
    if (button.textContent === "Play again") svg.setCurrentTime(0);
    if (pauses) svg.pauseAnimations();
    else svg.unpauseAnimations();
    button.textContent = pauses ? "Play" : "Pause";
  });
}
