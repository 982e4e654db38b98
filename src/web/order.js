// What to balance, in order: rows that are dragged, or moved with their arrows. The order is that of the page.

const list = document.getElementById("order");
const rows = () => [...list.children];

/** The goals, the most important first. */
export const goals = () => rows().map((row) => row.dataset.goal);

/** The order in which the page came. */
export const usual = goals();

/** Boxes of columns; of one goal where it is named. */
export const boxes = (goal) => [...list.querySelectorAll("input")].filter((box) => !goal || box.dataset.goal === goal);

const rowOf = (goal) => rows().find((one) => one.dataset.goal === goal);

/** Names of the columns that a goal looks at and that are not left out; undefined where it looks at none. */
export function columns(goal) {
  const of = rowOf(goal)?.dataset.columns;
  return of ? boxes(of).filter((box) => box.checked).map((box) => box.value) : undefined;
}

/** Whether the usual model wants the goal proved. */
export const asked = (goal) => rowOf(goal)?.dataset.asked !== undefined;

/** Puts the rows in this order. */
export function arrange(order) {
  for (const goal of order) {
    const moved = rowOf(goal);
    if (moved) list.append(moved);
  }
  ends();
}

/** The first cannot go up, the last cannot go down. */
function ends() {
  const all = rows();
  for (const [at, row] of all.entries()) {
    row.querySelector(".up").disabled = at === 0;
    row.querySelector(".down").disabled = at === all.length - 1;
  }
}

function changed() {
  ends();
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("li");
  if (button.matches(".up")) row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  changed();
  (button.disabled ? row.querySelector("button:not(:disabled)") : button)?.focus();
});

// The grip follows the pointer from row to row; touch too, as the grip does not scroll.
list.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const row = grip.closest("li");
  row.classList.add("held");
  const moved = ({ clientY }) => {
    const over = rows().find((one) => one !== row && clientY > one.getBoundingClientRect().top && clientY < one.getBoundingClientRect().bottom);
    if (!over) return;
    // Rows change places once the pointer would be on the held row afterwards, so that they do not flicker.
    const { top, bottom } = over.getBoundingClientRect();
    const { height } = row.getBoundingClientRect();
    if (rows().indexOf(over) < rows().indexOf(row)) {
      if (clientY < top + height) over.before(row);
    } else if (clientY > bottom - height) over.after(row);
  };
  const end = () => {
    document.removeEventListener("pointermove", moved);
    row.classList.remove("held");
    changed();
  };
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", end, { once: true });
  document.addEventListener("pointercancel", end, { once: true });
});

ends();
