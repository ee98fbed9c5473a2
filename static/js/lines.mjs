/** Lines of a textarea that move up and down: with Alt and an arrow key, or by two buttons beneath. */
export default function lines(area) {
  const buttons = document.createElement("div");
  const told = document.createElement("span");
  buttons.className = "row";
  told.className = "soft small";
  told.setAttribute("role", "status");
  for (const [label, by] of [["Line up", -1], ["Line down", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = label;
    button.title = `Alt and the arrow key ${by < 0 ? "up" : "down"}`;
    button.addEventListener("click", () => move(by));
    buttons.append(button);
  }
  buttons.append(told);
  area.after(buttons);
  area.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  });

  function move(by) {
    const all = area.value.split("\n");
    const before = area.value.slice(0, area.selectionStart).split("\n");
    const at = before.length - 1;
    const to = at + by;
    if (to < 0 || to >= all.length) return;
    [all[at], all[to]] = [all[to], all[at]];
    const column = before[at].length;
    area.value = all.join("\n");
    const caret = all.slice(0, to).reduce((sum, line) => sum + line.length + 1, 0) + column;
    area.setSelectionRange(caret, caret);
    told.textContent = `Now line ${to + 1} of ${all.length}`;
    area.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
