/** Measuring by keyboard: Tab goes left, right, next row; Enter goes down; ? opens the row's procedure, P its pain. */
export default function keyboard(grid) {
  for (const summary of grid.querySelectorAll("summary")) summary.tabIndex = -1;

  grid.addEventListener("focusin", ({ target }) => {
    if (target.matches("input[data-column]")) target.select();
  });

  grid.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const row = target.closest("tr");
    if (target.matches("input[data-pain]") && key === "Enter") {
      row.querySelector(`input[data-column="${target.dataset.pain}"]`).focus();
      event.preventDefault();
    }
    if (!target.matches("input[data-column]") || event.isComposing) return;
    const pain = row.querySelector("details.pain");
    const procedure = row.querySelector("details");
    if (key === "?" && procedure) {
      procedure.open = !procedure.open;
    } else if (key.toLowerCase() === "p" && pain && !event.ctrlKey && !event.metaKey && !event.altKey) {
      pain.open = true;
      pain.querySelector(`input[data-pain="${target.dataset.column}"]`).focus();
    } else if (key === "Escape" && procedure?.open) {
      procedure.open = false;
    } else if (key === "Enter" || key === "ArrowDown" || key === "ArrowUp") {
      const up = key === "ArrowUp" || (key === "Enter" && event.shiftKey);
      next(target, up, key === "Enter")?.focus();
    } else {
      return;
    }
    event.preventDefault();
  });

  function next(field, up, wrap) {
    const inColumn = (name) => [...grid.querySelectorAll("input[data-column]")].filter((f) => f.dataset.column === name && f.offsetParent);
    const fields = inColumn(field.dataset.column);
    const neighbour = fields[fields.indexOf(field) + (up ? -1 : 1)];
    if (neighbour || !wrap || up) return neighbour;
    return field.dataset.column === "left" ? inColumn("right")[0] : undefined;
  }
}
