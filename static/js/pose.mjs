import figure from "./figure.mjs";

const SVG = "http://www.w3.org/2000/svg";
const PAUSE = 120;

/** Poses by hand: each joint can be pulled or turned by keys, numbers are drawn as they are typed, and the last changes can be undone. */
export default function pose(form) {
  const coarse = matchMedia("(pointer: coarse)").matches;
  const handles = new Map();
  const past = [];
  let now = written();
  let timer;
  let busy = false;
  let dirty = false;
  let held = false;

  const said = form.querySelector("[data-said]");
  const undo = form.querySelector("[data-undo]");
  undo.hidden = false;
  undo.disabled = true;
  undo.addEventListener("click", () => {
    now = past.pop();
    for (const [name, value] of now) {
      const field = form.elements[name];
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
    }
    undo.disabled = !past.length;
    later(0);
  });
  form.addEventListener("input", () => later(PAUSE));
  form.addEventListener("change", ({ target }) => {
    keep();
    later(0);
    if (target.name === "hold") form.requestSubmit(form.querySelector("[formaction]"));
  });
  put();

  function written() {
    const fields = [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
    return fields.map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]);
  }

  function keep() {
    const next = written();
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    past.push(now);
    now = next;
    undo.disabled = false;
  }

  function later(wait) {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(draw, wait);
  }

  /** Ask for the drawing of what stands in the form, one at a time. */
  async function draw() {
    if (busy) return;
    busy = true;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("alone", "yes");
    const asked = values();
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (fresh.getElementById("preview")) show(fresh, asked);
      else said.textContent = "Not drawn: sign in again in another tab, then go on here.";
    } catch {
      said.textContent = "Not drawn: no connection.";
    }
    busy = false;
    if (dirty) later(0);
  }

  function values() {
    return new Map([...form.querySelectorAll("[data-around]")].map((one) => [one.name, number(one)]));
  }

  function show(fresh, asked) {
    const preview = document.getElementById("preview");
    const wrong = new Map([...fresh.querySelectorAll("[data-field]")].map((one) => [one.dataset.field, one]));
    said.textContent = wrong.get("")?.textContent ?? "";
    for (const field of form.querySelectorAll("[aria-invalid]")) if (!wrong.has(field.name)) mend(field);
    for (const [name, problem] of wrong) tell(form.elements[name], problem);
    if (wrong.size) return;
    for (const old of preview.querySelectorAll("[data-pose]")) {
      const next = fresh.querySelector(`[data-pose="${old.dataset.pose}"]`);
      if (!next) continue;
      old.querySelector("svg").replaceWith(next.querySelector("svg"));
      old.dataset.decided = next.dataset.decided;
      old.toggleAttribute("data-mirrored", next.hasAttribute("data-mirrored"));
    }
    const moving = preview.querySelector('[data-module="figure"]');
    const next = fresh.querySelector('[data-module="figure"]');
    if (moving && next && !held) {
      moving.replaceChildren(...next.childNodes);
      figure(moving);
    }
    put(asked);
  }

  function tell(field, problem) {
    if (!field) return;
    mend(field);
    const id = `${field.id}-error`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.id}-hint ${id}`);
    problem.id = id;
    (field.closest(".measure, .field") ?? field.parentElement).append(problem);
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function mend(field) {
    field.removeAttribute("aria-invalid");
    if (field.id) document.getElementById(`${field.id}-error`)?.remove();
  }

  function number(field) {
    return Number(field.value.replace(",", ".").replace("\u2212", "-")) || 0;
  }

  /** Handles over each drawing, one for each angle that no contact decides. */
  function put(asked = values()) {
    for (const place of document.querySelectorAll("#preview [data-pose]")) {
      const drawing = place.querySelector("svg");
      let over = place.querySelector("svg + svg");
      if (!over) {
        over = document.createElementNS(SVG, "svg");
        over.setAttribute("role", "group");
        over.setAttribute("aria-label", `${place.parentElement.querySelector("b").textContent}: joints`);
        drawing.after(over);
      }
      over.setAttribute("viewBox", drawing.getAttribute("viewBox"));
      const scale = drawing.getScreenCTM().a;
      const decided = place.dataset.decided.split(" ");
      const layer = ({ name }) => (name.includes(".near_") ? 2 : name.includes(".far_") ? 1 : 0);
      const fields = [...form.querySelectorAll(`[data-around][name^="${place.dataset.pose}."]`)];
      for (const field of fields.sort((one, other) => layer(one) - layer(other))) {
        const fixed = decided.includes(field.name.slice(place.dataset.pose.length + 1));
        const hint = document.getElementById(`${field.id}-hint`);
        hint.textContent = fixed ? "by a contact" : `${field.dataset.low} to ${field.dataset.high}`;
        const around = at(drawing, field.dataset.around);
        const pulled = at(drawing, field.dataset.pulled);
        let handle = handles.get(field);
        if (!handle) {
          handle = make(field, over);
          handles.set(field, handle);
          over.append(handle.circle);
        }
        const sign = field.dataset.sign * (place.hasAttribute("data-mirrored") && field.name.includes(".near_") ? -1 : 1);
        Object.assign(handle, { around, pulled, sign, value: asked.get(field.name) });
        handle.circle.setAttribute("cx", pulled.x);
        handle.circle.setAttribute("cy", pulled.y);
        handle.circle.setAttribute("r", (coarse ? 12 : 7) / scale);
        handle.circle.setAttribute("stroke-width", 1.5 / scale);
        handle.circle.toggleAttribute("hidden", fixed);
        say(field, handle.circle);
      }
    }
  }

  /** Where a joint is, in the drawing's own measures. */
  function at(drawing, joint) {
    const { e, f } = drawing.querySelector(`[data-joint="${joint}"]`).getScreenCTM();
    return new DOMPoint(e, f).matrixTransform(drawing.getScreenCTM().inverse());
  }

  function say(field, circle) {
    circle.setAttribute("aria-valuenow", number(field));
    circle.setAttribute("aria-valuetext", `${number(field)} degrees`);
  }

  function set(field, value) {
    const { low, high } = field.dataset;
    field.value = Math.min(Math.max(Math.round(value), low), high);
    say(field, handles.get(field).circle);
    mend(field);
  }

  function make(field, over) {
    const circle = document.createElementNS(SVG, "circle");
    const handle = { circle };
    const said = { role: "slider", tabindex: 0, class: "fig-dot", stroke: "currentColor", "fill-opacity": coarse ? 0.2 : field.name.includes(".far_") ? 0.4 : 0.7, "aria-label": field.dataset.label, "aria-valuemin": field.dataset.low, "aria-valuemax": field.dataset.high };
    for (const [name, value] of Object.entries(said)) circle.setAttribute(name, value);
    const title = document.createElementNS(SVG, "title");
    title.textContent = field.dataset.label;
    circle.append(title);

    circle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    circle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      circle.setPointerCapture(event.pointerId);
      circle.focus({ preventScroll: true });
      held = true;
    });
    circle.addEventListener("pointermove", (event) => {
      if (!circle.hasPointerCapture(event.pointerId)) return;
      const to = new DOMPoint(event.clientX, event.clientY).matrixTransform(over.getScreenCTM().inverse());
      const turn = direction(handle.around, to) - direction(handle.around, handle.pulled);
      let value = handle.value + handle.sign * (((turn + 540) % 360) - 180);
      if (value > field.dataset.high && value - 360 >= field.dataset.low) value -= 360;
      if (value < field.dataset.low && value + 360 <= field.dataset.high) value += 360;
      set(field, value);
      later(0);
    });
    const release = () => {
      if (!held) return;
      held = false;
      keep();
      later(0);
    };
    circle.addEventListener("pointerup", release);
    circle.addEventListener("pointercancel", release);

    circle.addEventListener("keydown", (event) => {
      const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };
      const { low, high } = field.dataset;
      if (event.key in steps) set(field, number(field) + steps[event.key]);
      else if (event.key === "Home") set(field, low);
      else if (event.key === "End") set(field, high);
      else return;
      event.preventDefault();
      keep();
      later(0);
    });
    return handle;
  }

  /** The angle of a line as the picture has it, counter-clockwise. */
  function direction(from, to) {
    return Math.atan2(from.y - to.y, to.x - from.x) * 180 / Math.PI;
  }
}
