/** Ticks without a page load: shown at once, sent one after the other, tried again until they arrive. */
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;

export default function ticks(form) {
  const queue = [];
  const status = document.getElementById("sent");
  let sending = false;
  let wait = FIRST_WAIT;
  let timer;

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "tick") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set("tick", button.value);
    body.set("id", uuid());
    body.set("at", new Date().toISOString());
    queue.push(body);
    show(button.value);
    send();
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    clearTimeout(timer);
    tell();
    let answer;
    try {
      while (queue.length) {
        const response = await fetch(form.action, { method: "POST", body: queue[0], signal: AbortSignal.timeout(20000) });
        if (response.status >= 500 || response.status === 408 || response.status === 429) throw new Error("not now");
        answer = await response.text();
        queue.shift();
        wait = FIRST_WAIT;
        if (!response.ok) break;
      }
    } catch {
      timer = setTimeout(send, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    sending = false;
    tell();
    if (answer !== undefined && !queue.length) put(answer);
    else if (answer !== undefined) send();
  }

  /** The page as the server has it now; whatever is no day of ticks (access ended, stopped) is opened as the page that it is. */
  function put(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("today");
    if (!fresh) {
      location.reload();
      return;
    }
    const today = document.getElementById("today");
    const open = [...today.querySelectorAll("details[open]")].map((fold) => fold.closest("li").id);
    const focused = document.activeElement;
    const row = focused?.closest("li.tick")?.id;
    const place = row && [...document.getElementById(row).querySelectorAll("button, summary, a")].indexOf(focused);
    today.replaceWith(fresh);
    for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    if (!row || place < 0) return;
    const controls = [...(document.getElementById(row)?.querySelectorAll("button, summary, a") ?? [])];
    const wasMain = focused.matches(".tick-main");
    (wasMain ? controls[0] : controls.find((one) => one.textContent === focused.textContent && one.name === focused.name))?.focus({ preventScroll: true });
  }

  /** A row with one of its sets changed; a tap then goes on to the next open set. */
  function show(value) {
    const [item, number, done] = value.split(" ");
    for (const row of document.querySelectorAll("#today li.tick")) {
      const sets = [...row.querySelectorAll(".set-button")];
      const index = sets.findIndex((one) => one.value.startsWith(`${item} ${number} `));
      if (index < 0) continue;
      sets[index].value = `${item} ${number} ${done === "1" ? 0 : 1}`;
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

  function tell() {
    const failed = !sending && queue.length > 0;
    status.dataset.state = failed ? "failed" : "saving";
    status.textContent = failed ? `${queue.length} not sent yet` : queue.length ? "Sending" : "Sent";
  }
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
