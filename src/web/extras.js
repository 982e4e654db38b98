// Teachers and last semester's groups: what a plan may be asked for with besides its list.

import { ask, by, element, say, trouble } from "./core.js";
import * as history from "./history.js";

let staff = null;

function told() {
  by("staff-read").hidden = staff === null;
  if (staff) by("staff-told").textContent = say(`已读到 ${staff.teachers} 名教师（${staff.file}）`, `${staff.teachers} teachers read (${staff.file})`);
}

/** Sends a staff list; its teachers are asked for from then on. */
async function readStaff(file) {
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
}

by("staff").addEventListener("change", () => by("staff").files[0] && readStaff(by("staff").files[0]));
by("staff-named").addEventListener("click", () => {
  const lines = by("staff-names").value.split(/\n/).map((line) => line.trim()).filter((line) => line !== "");
  // A number at the end is how many groups at most.
  const cells = lines.map((line) => line.normalize("NFKC").match(/^(.*?)(?:[\s,:]+(\d+))?$/).slice(1, 3));
  const rows = [["姓名", "小组上限"], ...cells].map((row) => row.map((cell) => `"${(cell ?? "").replaceAll('"', '""')}"`).join(","));
  readStaff(new File([rows.join("\r\n")], say("写下的教师.csv", "teachers.csv")));
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

// Groups that were read from a file, with its name.
let earlier = null;
const FILE = "file";

/** Whether old groups are asked for, and how. */
function shown() {
  by("manner").hidden = by("previous").value === "";
  by("previous").disabled = by("previous").options.length === 1 || by("stay").checked;
}

/** Puts the groups of a file among the choices. */
function choose(groups) {
  earlier = groups;
  by("previous").querySelector(`option[value="${FILE}"]`)?.remove();
  by("previous").append(element("option", { value: FILE }, groups.file));
  by("previous").value = FILE;
  by("previous-told").textContent = say(`${groups.file}：${groups.matched} 名学生有上学期的小组`, `${groups.file}: ${groups.matched} students had a group`);
  by("previous-notices").replaceChildren(...(groups.notices ?? []).map((notice) => element("li", {}, notice.where ? `${notice.where}${say("：", ": ")}${notice.message}` : notice.message)));
  shown();
}

by("previous-file").addEventListener("change", async () => {
  const [file] = by("previous-file").files;
  if (!file) return;
  by("previous-trouble").replaceChildren();
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("list", by("list").dataset.list);
  try {
    choose({ file: file.name, ...(await ask("/v1/groups", { method: "POST", form })) });
  } catch (error) {
    trouble(by("previous-trouble"), error);
  }
  by("previous").dispatchEvent(new Event("read", { bubbles: true }));
});
by("previous").addEventListener("change", shown);

// Coming from a plan, its groups can go on; what was changed by hand should.
const address = new URLSearchParams(location.search);
const from = address.get("from");
by("onward").hidden = from === null;
by("stay").checked = from !== null && address.has("edited");
by("stay").addEventListener("change", shown);

const manner = () => document.querySelector('input[name="manner"]:checked').value;

/** Last semester's groups, or those that one comes from. */
function before() {
  if (by("stay").checked) return { previous: from, keep: true };
  const chosen = by("previous").value;
  if (chosen === "") return {};
  return { previous: chosen === FILE ? { groups: earlier.groups } : chosen, keep: manner() === "keep" };
}

/** What is asked for with the plan; nothing where nothing was chosen. */
export const wished = () => ({ ...(staff && { staff: staff.id }), ...before() });

/** What to remember of it. */
export const kept = () => ({ staff, earlier, previous: by("previous").value, manner: manner() });

export function restore(before) {
  staff = before?.staff ?? null;
  if (before?.earlier) choose(before.earlier);
  by("previous").value = before?.previous ?? "";
  // A plan that is no longer in the list leaves nothing chosen.
  if (by("previous").selectedIndex < 0) by("previous").value = "";
  const box = document.querySelector(`input[name="manner"][value="${before?.manner === "keep" ? "keep" : "mix"}"]`);
  box.checked = true;
  shown();
  told();
}

shown();
