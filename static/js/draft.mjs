/** A draft that saves itself as it is typed into. What was typed stays on the page alone, never in the browser's storage, until the server has it. */
const PAUSE = 1200;
const RETRY = 5000;
const LONGEST = 20000;

export default function draft(form) {
  const page = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");
  const again = document.getElementById("again");
  let count = 0;
  let timer;
  let sending = null;
  let dirty = false;
  let leaving = false;
  let going = false;
  let unsaved = false;
  let failing = false;

  const stamp = () => { form.elements.stamp.value = `${page}:${++count}`; };
  const say = (state, text) => {
    const place = document.querySelector("#saved .saved");
    place.dataset.state = state;
    place.textContent = text;
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const typed = () => {
    dirty = true;
    leaving = false; // a page that was on its way may have been stopped
    say("saving", "Not saved yet");
    later(PAUSE);
  };
  form.addEventListener("input", typed);
  form.addEventListener("submit", (event) => {
    if (first(event, () => { if (!sending && !failing) form.requestSubmit(event.submitter); })) return;
    leaving = true;
    clearTimeout(timer);
    stamp();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => { if (dirty) save(); });
  window.addEventListener("beforeunload", (event) => {
    if (!(dirty || sending || unsaved) || leaving) return;
    event.preventDefault();
    if (dirty || sending) save(true); // while the browser asks, so that what comes next finds it there
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty && !leaving) save(true); });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link?.target;
    if (link && !elsewhere && link.href.split("#")[0] !== location.href.split("#")[0]) first(event, () => location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (other !== form && !again.contains(other)) first(event, () => other.requestSubmit(event.submitter));
  });

  /** Save, then leave; where it can't be saved the browser asks, and what wants an answer first keeps the page. Whether there is something to save. */
  function first(event, leave) {
    if (!(dirty || sending) || leaving || going) return false;
    event.preventDefault();
    Promise.race([saved(), new Promise((resolve) => { setTimeout(resolve, RETRY); })]).then(() => {
      if (again.open || leaving) return;
      going = true;
      leave();
      going = false;
    });
    return true;
  }

  async function saved() {
    await sending;
    if (dirty) await save();
  }

  function save(last = false) {
    if ((sending && !last) || leaving || again.open) return sending;
    const mine = send(last).then((wait) => {
      if (sending === mine) sending = null;
      if (dirty && !again.open) later(wait);
    });
    sending = mine;
    return mine;
  }

  /** How long to wait with the next time. */
  async function send(last) {
    clearTimeout(timer);
    dirty = false;
    stamp();
    say("saving", "Saving");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, keepalive: last, signal: AbortSignal.timeout(LONGEST) });
      if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return missed("something went wrong here");
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
      failing = false;
      if (answer.ok) taken(shown);
      else refused(answer.status, shown);
      return PAUSE;
    } catch {
      return missed("no connection");
    }
  }

  function missed(why) {
    dirty = failing = true;
    say("failed", `Not saved: ${why}. It is tried again; leave this page open.`);
    return RETRY;
  }

  function taken(shown) {
    const revision = shown.getElementById("revision");
    if (!revision) return location.reload();
    form.elements.revision.value = revision.value;
    unsaved = false;
    for (const old of document.querySelectorAll("[data-live]")) {
      const fresh = shown.getElementById(old.id);
      if (!fresh || fresh.isEqualNode(old)) continue;
      old.replaceWith(fresh);
      const field = document.getElementById(fresh.dataset.of);
      if (field) field[fresh.hidden ? "removeAttribute" : "setAttribute"]("aria-invalid", "true");
    }
    if (dirty) say("saving", "Not saved yet");
  }

  function refused(status, shown) {
    const typedMore = dirty;
    dirty = true;
    say("failed", "Not saved");
    if (status === 401) {
      again.showModal();
    } else if (shown.getElementById("two")) {
      if (typedMore) return;
      leaving = true;
      document.getElementById("main").replaceWith(shown.getElementById("main"));
      document.getElementById("main").focus();
      choose(document.getElementById("two"));
    } else {
      dirty = typedMore;
      unsaved = true;
      say("failed", `Not saved: ${shown.querySelector(".error, main p")?.textContent.trim() ?? "try the button"}`);
    }
  }

  again.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const panel = event.target;
    const problem = panel.querySelector(".error");
    try {
      const answer = await fetch(panel.action, { method: "POST", body: new URLSearchParams(new FormData(panel)) });
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
      problem.textContent = answer.ok ? "" : (shown.querySelector("p.error")?.textContent.trim() ?? "That did not work.");
      problem.hidden = answer.ok;
      if (!answer.ok) return;
      panel.reset();
      again.close();
    } catch {
      problem.textContent = "No connection. Try again.";
      problem.hidden = false;
    }
  });
  again.addEventListener("close", () => save());
  follow(document.querySelectorAll(".sections a"));
  if (isTouched(form)) typed(); // before this script was there
}

/** Whether a form says something else than when it came. */
function isTouched(form) {
  const came = form.cloneNode(true);
  came.reset();
  const [now, then] = [form, came].map((one) => new URLSearchParams(new FormData(one)).toString());
  return now !== then;
}

/** Until it is chosen what to keep, what was typed here stands on this page alone. */
function choose(two) {
  const ask = (event) => event.preventDefault();
  const chosen = () => window.removeEventListener("beforeunload", ask);
  window.addEventListener("beforeunload", ask);
  two.addEventListener("submit", chosen);
  two.querySelector("a").addEventListener("click", chosen);
}

/** Mark where on the page one is. */
function follow(links) {
  const link = new Map([...links].map((one) => [document.getElementById(one.hash.slice(1)), one]));
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      for (const one of links) one.removeAttribute("aria-current");
      const here = link.get(target);
      here.setAttribute("aria-current", "true");
      here.parentElement.scrollTo({ left: here.offsetLeft - 16 });
    }
  }, { rootMargin: "-25% 0px -70%" });
  for (const target of link.keys()) watch.observe(target);
}
