/**
 * Ticks and reports without a page load: shown at once, sent one after the other, tried again until they arrive.
 * On a client's own phone they outlive the page; they are sent for nobody but her.
 */
import { all, drop, keep } from "./outbox.mjs";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const LEFT_BEHIND = 14 * 24 * 60 * 60 * 1000;  // what somebody else left on this phone longer ago would not count any more

export default function ticks(form) {
  const queue = [];
  const status = document.getElementById("sent");
  const dialog = document.getElementById("report");
  const ended = document.getElementById("ended");
  const whose = form.elements.whose.value;
  const keeps = "keep" in form.dataset;
  const refusals = [];
  let answer;
  let sending = false;
  let shut = false;
  let wait = FIRST_WAIT;
  let timer;

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const asked = event.target;
    if (asked === form && button?.name === "tick") {
      event.preventDefault();
      add(form, button);
      show(button.value);
    } else if (asked.matches("[data-outbox]") && !button?.matches("[data-plain]")) {
      event.preventDefault();
      if (!dialog?.contains(asked)) {
        add(asked, button);
        asked.hidden = true;
      } else if (dialog.ready()) {
        const body = add(asked, button, form);
        dialog.close();
        tell_of(body);
      } else {
        return;
      }
    } else {
      return;
    }
    send();
  });
  if (dialog) reports(dialog);
  document.addEventListener("toggle", ({ target }) => picture(target), true);
  for (const fold of document.querySelectorAll("details[open]")) picture(fold);  // opened while this script was on its way
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  document.addEventListener("outbox:left", () => { queue.length = 0; });
  addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  if (keeps) restore();

  /** The picture of an exercise, once its explanation is opened. */
  function picture(fold) {
    const link = fold.open && fold.querySelector("a.see");
    if (link) import("./figures.mjs").then((figures) => figures.default(link)).catch(() => {});
  }

  /** What was not sent when a page was left. */
  async function restore() {
    for (const entry of await all()) {
      if (entry.whose !== whose) {
        if (Date.now() - Date.parse(entry.at) > LEFT_BEHIND) drop(entry.id);
      } else if (queue.every((one) => one.id !== entry.id)) {
        queue.push(entry);
        const body = new URLSearchParams(entry.body);
        if (body.has("session")) document.getElementById("morning")?.setAttribute("hidden", "");
        else if (body.get("on") !== form.elements.on.value) continue;
        else if (body.has("tick")) show(body.get("tick"));
        else tell_of(body);
      }
    }
    send();
  }

  /** Put what a form says into the queue, with an id and the time of this phone; `besides` lends the day it stands on. */
  function add(asked, button, besides) {
    const body = new URLSearchParams(new FormData(asked));
    if (button?.name) body.set(button.name, button.value);
    for (const name of besides ? ["on", "seen", "earlier"] : []) {
      if (besides.elements[name]) body.set(name, besides.elements[name].value);
    }
    const [id, at] = [uuid(), new Date().toISOString()];
    for (const [name, value] of Object.entries({ id, at, whose })) body.set(name, value);
    const entry = { id, at, whose, to: asked.action, body: body.toString() };
    queue.push(entry);
    if (keeps) keep(entry);
    const load = form.elements[`kg.${body.get("tick")?.split("/")[1]}`];
    if (load) load.defaultValue = load.value;  // told with this tick
    return body;
  }

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    clearTimeout(timer);
    tell();
    try {
      while (queue.length) {
        const { id, to, body } = queue[0];
        const response = await fetch(to, { method: "POST", body: new URLSearchParams(body), signal: AbortSignal.timeout(20000) });
        if (response.status >= 500 || response.status === 408 || response.status === 429) throw new Error("not now");
        shut = response.status === 401 || response.status === 403;
        if (shut) break;
        const text = await response.text();
        queue.shift();
        drop(id);
        wait = FIRST_WAIT;
        if (response.ok || !refused(text)) answer = text;
      }
    } catch {
      timer = setTimeout(send, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    sending = false;
    tell();
    if (!queue.length) put();
  }

  /** Keeps why something did not count until the page says so. Whether that is all that came back, and not the day as it is now. */
  function refused(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const why = page.querySelector("#today > [role=alert], #errors");
    if (!why) return false;
    const isForm = why.id === "errors";
    why.removeAttribute("id");
    if (isForm) why.querySelector("h2").textContent = "That does not count";
    for (const link of why.querySelectorAll("a")) link.replaceWith(link.textContent);
    if (refusals.every((one) => one.textContent !== why.textContent)) refusals.push(why);
    return isForm;
  }

  /** The page as the server has it now; whatever is no day of ticks (stopped, archived) is opened as the page that it is. */
  function put() {
    if (answer !== undefined) {
      const page = new DOMParser().parseFromString(answer, "text/html");
      if (!page.getElementById("today")) return location.reload();
      renew(page);
      answer = undefined;
    }
    if (!refusals.length) return;
    const today = document.getElementById("today");
    for (const row of today.querySelectorAll(".pending")) row.classList.remove("pending");
    today.querySelector(":scope > [role=alert]")?.remove();
    today.querySelector(".progress").before(...refusals);
    refusals[0].scrollIntoView({ block: "center" });
    refusals.length = 0;
  }

  /** A new day has new rows, and what is ticked from then on counts for it. Where she was on the page stays, with the loads that she typed. */
  function renew(page) {
    const [today, fresh] = [document, page].map((one) => one.getElementById("today"));
    const day = form.elements.on.value;
    form.replaceChildren(...page.getElementById("ticks").children);
    if (form.elements.on.value !== day) document.querySelector("main > [role=status]").replaceWith(page.querySelector("main > [role=status]"));
    else for (const load of today.querySelectorAll("input")) {
      const same = load.value !== load.defaultValue && fresh.querySelector(`#${CSS.escape(load.id)}`);
      if (same) same.value = load.value;
    }
    const open = [...today.querySelectorAll("details[open]")].map((fold) => fold.closest("li").id);
    const focused = document.activeElement;
    const row = focused?.closest("li.tick")?.id;
    const [from, to] = row && focused.matches("input") ? [focused.selectionStart, focused.selectionEnd] : [];
    const moving = [...today.querySelectorAll("details[open] .figure svg")].map((svg) => [svg, svg.getCurrentTime()]);
    for (const id of open) fresh.querySelector(`#${CSS.escape(id)} .figure`)?.replaceWith(document.getElementById(id).querySelector(".figure"));
    today.replaceWith(fresh);
    for (const [svg, time] of moving) svg.setCurrentTime(time);
    for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    if (!row) return;
    const controls = [...(document.getElementById(row)?.querySelectorAll("button, summary, a, input") ?? [])];
    const wasMain = focused.matches(".tick-main");
    const now = wasMain ? controls[0] : controls.find((one) => one.textContent === focused.textContent && one.name === focused.name);
    now?.focus({ preventScroll: true });
    if (from !== undefined) now?.setSelectionRange(from, to);
  }

  /** A row with one of its sets changed; a tap then goes on to the next open set. */
  function show(value) {
    const [item, number, done, ...told] = value.split(" ");
    for (const row of document.querySelectorAll("#today li.tick")) {
      const sets = [...row.querySelectorAll(".set-button")];
      const index = sets.findIndex((one) => one.value.startsWith(`${item} ${number} `));
      if (index < 0) continue;
      sets[index].value = [item, number, done === "1" ? 0 : 1, ...told].join(" ");
      sets[index].setAttribute("aria-pressed", String(done === "1"));
      row.querySelectorAll(".set")[index].classList.toggle("done", done === "1");
      const next = sets.find((one) => one.getAttribute("aria-pressed") === "false");
      row.classList.toggle("done", !next);
      row.classList.add("pending");
      const main = row.querySelector("button.tick-main");
      if (main && next) main.value = next.value;
      if (main) main.disabled = !next;
    }
  }

  /** A row of which something was told that is not sent yet. */
  function tell_of(body) {
    const set = [...document.querySelectorAll("#today .set-button")].find((one) => one.value.startsWith(`${body.get("item")} `));
    set?.closest("li.tick").classList.add("pending");
  }

  function tell() {
    const failed = !sending && queue.length > 0;
    status.dataset.state = failed ? "failed" : "saving";
    status.textContent = failed ? `${queue.length} not sent yet` : queue.length ? "Sending" : "Sent";
    ended.hidden = !shut || !queue.length;
    if (!ended.hidden) ended.querySelector("[data-count]").textContent = queue.length;
  }
}

/** The dialog that asks how an exercise went; a report that stops everything is asked for twice. */
function reports(dialog) {
  const asked = dialog.querySelector("form");
  const which = asked.elements.namedItem("item");
  const [ask, sure, problem, save, load] = ["ask", "sure", "problem", "save", "load"].map((name) => dialog.querySelector(`[data-${name}]`));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-report]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest("li.tick");
    const keys = new Map([...row.querySelectorAll(".set-button")].map((one) => [one.value.split(" ")[0], one.textContent.replace(/\s*\d+$/, "")]));
    asked.reset();
    asked.elements.sure.value = "";
    which.replaceChildren(...[...keys].map(([key, side]) => new Option(side, key)));
    which.hidden = keys.size < 2;
    dialog.querySelector("h2").textContent = row.querySelector("b").textContent;
    const kilograms = row.querySelector(".tick-how .control input");
    load.hidden = !kilograms;
    asked.elements.load_kg.value = kilograms?.value ?? "";
    asking(true);
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => (ask.hidden ? asking(true) : dialog.close()));

  function asking(again) {
    ask.hidden = !again;
    sure.hidden = again;
    problem.hidden = true;
    save.textContent = again ? "Save" : "Report it, and stop";
    save.className = again ? "button primary" : "button act";
  }

  /** Whether what was chosen can be sent as it is. */
  dialog.ready = () => {
    const told = new FormData(asked);
    const say = (text) => { problem.textContent = text; problem.hidden = false; };
    if (told.get("feel") && !told.get("pain")) return say("How much did it hurt, 0 to 10?");
    if (!told.get("pain") && !told.get("effort") && !told.get("skipped") && !told.get("load_kg")) return say("Choose at least one thing, or go back.");
    if (told.get("load_kg") && !/^\s*\d+([.,]\d+)?\s*$/.test(told.get("load_kg"))) return say("Write the load as a number, such as 12 or 12,5.");
    if (told.get("skipped") && (told.get("pain") || told.get("effort"))) return say("Either it was skipped, or say how it went.");
    const stops = told.get("feel") || (told.get("pain") && Number(told.get("pain")) >= Number(dialog.dataset.stopsFrom));
    if (!stops) return true;
    if (!ask.hidden) return asking(false);
    asked.elements.sure.value = "yes";
    return true;
  };
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
