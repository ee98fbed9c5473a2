import figure from "./figure.mjs";

const SVG = "http://www.w3.org/2000/svg";
const PAUSE = 120;
const REFUSED = {
  401: "sign in again in another tab, then go on here.",
  403: "this is not open to you any more.",
  404: "this draft was published or thrown away meanwhile.",
};

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
      else said.textContent = `Not drawn: ${REFUSED[answer.status] ?? "something went wrong here. Undo the last change, or try again."}`;
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
      old.parentElement.querySelector("[data-note]").textContent = next.parentElement.querySelector("[data-note]").textContent;
      old.toggleAttribute("data-mirrored", next.hasAttribute("data-mirrored"));
    }
    preview.querySelector("[data-heavy]").textContent = fresh.querySelector("[data-heavy]").textContent;
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

  /** Dots over each drawing: one for each angle that no contact decides, a ring for each contact with the ground or a wall. */
  function put(asked = values()) {
    for (const place of document.querySelectorAll("#preview [data-pose]")) {
      const pose = place.dataset.pose;
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
      for (const part of form.querySelectorAll(`select[name^="${pose}.pins."][name$=".part"]`)) {
        const shown = part.value && !form.elements[part.name.replace("part", "on")].value;
        if (!handles.has(part) && shown) handles.set(part, contact(part, over));
        const handle = handles.get(part);
        if (!handle) continue;
        handle.show(handle.at(), (coarse ? 16 : 11) / scale, scale, !shown);
      }
      const layer = ({ name }) => (name.includes(".near_") ? 2 : name.includes(".far_") ? 1 : 0);
      const fields = [...form.querySelectorAll(`[data-around][name^="${pose}."]`)];
      for (const field of fields.sort((one, other) => layer(one) - layer(other))) {
        const fixed = decided.includes(field.name.slice(pose.length + 1));
        document.getElementById(`${field.id}-hint`).textContent = fixed ? "by a contact" : `${field.dataset.low} to ${field.dataset.high}`;
        if (!handles.has(field)) handles.set(field, angle(field, over));
        const handle = handles.get(field);
        handle.around = joint(drawing, field.dataset.around);
        handle.pulled = joint(drawing, field.dataset.pulled);
        handle.sign = field.dataset.sign * (place.hasAttribute("data-mirrored") && field.name.includes(".near_") ? -1 : 1);
        handle.value = asked.get(field.name);
        handle.show(handle.pulled, (coarse ? 12 : 7) / scale, scale, fixed);
      }
    }
  }

  /** Where a joint is, in the drawing's own measures. */
  function joint(drawing, name) {
    const { e, f } = drawing.querySelector(`[data-joint="${name}"]`).getScreenCTM();
    return new DOMPoint(e, f).matrixTransform(drawing.getScreenCTM().inverse());
  }

  /** The dot of an angle, at the end of what turns. */
  function angle(field, over) {
    const { low, high, label } = field.dataset;
    const faint = coarse ? 0.2 : field.name.includes(".far_") ? 0.4 : 0.7;
    const handle = dot(over, { low, high, faint });
    const set = (value) => {
      field.value = Math.min(Math.max(Math.round(value), low), high);
      mend(field);
    };
    handle.said = () => [label, number(field), `${number(field)} degrees`];
    handle.pull = (to) => {
      const turn = direction(handle.around, to) - direction(handle.around, handle.pulled);
      let value = handle.value + handle.sign * (((turn + 540) % 360) - 180);
      if (value > high && value - 360 >= low) value -= 360;
      if (value < low && value + 360 <= high) value += 360;
      set(value);
    };
    handle.step = (right, up) => set(number(field) + right + up);
    return handle;
  }

  /** The ring of a contact, which goes where it is pulled; one that is pulled almost level keeps its height. */
  function contact(part, over) {
    const [x, y] = ["x", "y"].map((name) => form.elements[part.name.replace("part", name)]);
    const far = 300;
    const handle = dot(over, { low: -far, high: far, faint: 0.15 });
    const set = (...values) => [x, y].forEach((field, place) => {
      field.value = Math.min(Math.max(Math.round(values[place] * 10) / 10, -far), far);
      mend(field);
    });
    handle.said = () => [
      `${part.closest("fieldset").getAttribute("aria-label")}, ${part.selectedOptions[0].textContent}`,
      number(x),
      `${number(x)} across, ${number(y)} up`,
    ];
    handle.at = () => new DOMPoint(number(x), -number(y));
    handle.pull = (to) => {
      const level = Math.abs(-to.y - handle.begun.y) < 2;
      set(to.x, level ? handle.begun.y : -to.y);
    };
    handle.step = (right, up) => set(number(x) + right, number(y) + up);
    over.prepend(handle.circle);
    return handle;
  }

  function dot(over, { low, high, faint }) {
    const circle = document.createElementNS(SVG, "circle");
    const title = document.createElementNS(SVG, "title");
    const said = { role: "slider", tabindex: 0, class: "fig-dot", stroke: "currentColor", "fill-opacity": faint, "aria-valuemin": low, "aria-valuemax": high };
    const write = (all) => Object.entries(all).forEach(([name, value]) => circle.setAttribute(name, value));
    write(said);
    circle.append(title);
    over.append(circle);
    const handle = { circle };
    const tell = () => {
      const [label, value, words] = handle.said();
      title.textContent = label;
      write({ "aria-label": label, "aria-valuenow": value, "aria-valuetext": words });
    };
    handle.show = ({ x, y }, r, scale, hidden) => {
      write({ cx: x, cy: y, r, "stroke-width": 1.5 / scale });
      circle.toggleAttribute("hidden", hidden);
      tell();
    };

    circle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    circle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      circle.setPointerCapture(event.pointerId);
      circle.focus({ preventScroll: true });
      handle.begun = { x: Number(circle.getAttribute("cx")), y: -circle.getAttribute("cy") };
      held = true;
    });
    circle.addEventListener("pointermove", (event) => {
      if (!circle.hasPointerCapture(event.pointerId)) return;
      handle.pull(new DOMPoint(event.clientX, event.clientY).matrixTransform(over.getScreenCTM().inverse()));
      tell();
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

    const keys = { ArrowUp: [0, 1], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowLeft: [-1, 0], PageUp: [0, 10], PageDown: [0, -10], Home: [-999, 0], End: [999, 0] };
    circle.addEventListener("keydown", (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      handle.step(...keys[event.key]);
      tell();
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
