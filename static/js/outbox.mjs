/** What this phone has not sent yet: it outlives the page, and goes when the server has it, or when somebody signs out here. */
const held = new Map();  // also where a browser keeps nothing
let opened;

function open() {
  return (opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("hinge", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }));
}

/** One step in a transaction of its own; undefined where this browser keeps nothing. */
async function work(mode, step) {
  try {
    const transaction = (await open()).transaction("outbox", mode);
    const asked = step(transaction.objectStore("outbox"));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    opened = undefined;  // some phones lose the connection while they sleep
    return undefined;
  }
}

export function keep(entry) {
  held.set(entry.id, entry);
  return work("readwrite", (box) => box.put(entry));
}

export function drop(id) {
  held.delete(id);
  return work("readwrite", (box) => box.delete(id));
}

/** Everything that waits, whosever it is, in the order in which it was made. */
export async function all() {
  const kept = (await work("readonly", (box) => box.getAll())) ?? [];
  const found = new Map([...kept.map((one) => [one.id, one]), ...held]);
  return [...found.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** The form that signs out on this phone: nothing stays here, which is said first where something is not sent yet. */
export default function outbox(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { length } = await all();
    if (length && !confirm(`${length} not sent yet. If you sign out now, that is lost. Sign out all the same?`)) return;
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", signal: AbortSignal.timeout(20000) });
      if (!answer.redirected && answer.status !== 401) throw new Error("not now");
    } catch {
      alert("That did not arrive, so this phone is still signed in, and nothing is lost. Try again with reception.");
      return;
    }
    held.clear();
    await work("readwrite", (box) => box.clear());
    document.dispatchEvent(new Event("outbox:left"));
    if (answer.redirected) location.assign(answer.url);
    else location.reload();
  });
}
