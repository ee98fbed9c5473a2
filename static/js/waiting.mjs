/** How much this phone has not sent yet, on a page that can't send it. */
import { all } from "./outbox.mjs";

export default async function waiting(note) {
  const { length } = await all();
  note.querySelector("[data-count]").textContent = length;
  note.hidden = !length;
}
