// Teachers and last semester's groups: what a plan may be asked for with besides its list.

import { ask, by, element, say, trouble } from "./core.js";
import * as history from "./history.js";

let staff = null;

function told() {
  by("staff-read").hidden = staff === null;
  if (staff) by("staff-told").textContent = say(`已读到 ${staff.teachers} 名教师（${staff.file}）`, `${staff.teachers} teachers read (${staff.file})`);
}

by("staff").addEventListener("change", async () => {
  const [file] = by("staff").files;
  if (!file) return;
  by("staff-trouble").replaceChildren();
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("list", by("list").dataset.list);
  try {
    const read = await ask("/v1/staff", { method: "POST", form });
    staff = { id: read.id, teachers: read.teachers, file: file.name };
  } catch (error) {
    staff = null;
    trouble(by("staff-trouble"), error);
  }
  told();
  by("staff").dispatchEvent(new Event("read", { bubbles: true }));
});
by("staff-off").addEventListener("click", () => {
  staff = null;
  by("staff").value = "";
  told();
  by("staff").dispatchEvent(new Event("read", { bubbles: true }));
});

const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
for (const plan of history.all()) {
  by("previous").append(element("option", { value: plan.id }, `${plan.title || say("分组结果", "groups")} · ${when.format(plan.at)}`));
}
by("previous").disabled = by("previous").options.length === 1;
const shown = () => (by("manner").hidden = by("previous").value === "");
by("previous").addEventListener("change", shown);

const manner = () => document.querySelector('input[name="manner"]:checked').value;

/** What is asked for with the plan; nothing where nothing was chosen. */
export const wished = () => ({
  ...(staff && { staff: staff.id }),
  ...(by("previous").value && { previous: by("previous").value, keep: manner() === "keep" }),
});

/** What to remember of it. */
export const kept = () => ({ staff, previous: by("previous").value, manner: manner() });

export function restore(before) {
  staff = before?.staff ?? null;
  by("previous").value = before?.previous ?? "";
  // A plan that is no longer in the list leaves nothing chosen.
  if (by("previous").selectedIndex < 0) by("previous").value = "";
  const box = document.querySelector(`input[name="manner"][value="${before?.manner === "keep" ? "keep" : "mix"}"]`);
  box.checked = true;
  shown();
  told();
}
