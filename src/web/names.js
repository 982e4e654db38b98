// A group's name, changed where it stands: Enter keeps it, Escape leaves it.

import { ask, by, element, say, trouble } from "./core.js";

/** Turns a group's name into a box; `done` hears the id of the plan that has the new name. */
export function rename(button, plan, done) {
  const before = button.querySelector("bdi").textContent;
  const group = button.closest("article").dataset.group;
  const box = element("input", { class: "naming", maxlength: "30", value: before, "aria-label": say(`给${before}改名`, `A name for ${before}`) });
  let over = false;
  const close = () => {
    if (over) return;
    over = true;
    box.replaceWith(button);
    button.focus();
  };
  const keep = async () => {
    const name = box.value.trim();
    if (over || name === before) return close();
    over = true;
    try {
      const made = await ask(`/v1/plans/${plan}/names`, { method: "POST", json: { names: [{ group, name }] } });
      await done(made.plan, name);
      document.querySelector(`[data-group="${CSS.escape(group)}"] .rename`)?.focus();
    } catch (error) {
      over = false;
      close();
      trouble(by("trouble"), error);
    }
  };
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") keep();
    if (event.key === "Escape") close();
  });
  box.addEventListener("blur", keep);
  button.replaceWith(box);
  box.focus();
  box.select();
}
