// Upload: choose, drop, paste, or the sample class; recent groupings; my data.

import { ask, by, element, say, status, trouble } from "./core.js";
import { all } from "./history.js";

async function upload(file, name, said = []) {
  by("trouble").replaceChildren();
  status(say("正在读取名册…", "Reading the list…"));
  const form = new FormData();
  form.append("file", file, name);
  for (const word of said) form.append("column", word);
  try {
    const list = await ask("/v1/lists", { method: "POST", form });
    location.assign(`/lists/${list.id}`);
  } catch (error) {
    status("");
    trouble(by("trouble"), error, (says) => upload(file, name, [...said, ...says]));
  }
}

/** Cells copied from a spreadsheet are lines with tabs. */
const pasted = (text) => upload(new Blob([text], { type: "text/tab-separated-values" }), say("粘贴的名册.tsv", "pasted list.tsv"));

function uploads(form) {
  by("file").addEventListener("change", () => by("file").files[0] && upload(by("file").files[0], by("file").files[0].name));
  by("sample").addEventListener("click", async () => {
    const answer = await fetch("/assets/sample.xlsx");
    upload(await answer.blob(), say("示例班.xlsx", "sample class.xlsx"));
  });
  by("paste").addEventListener("click", () => pasted(by("cells").value));
  for (const event of ["dragover", "dragenter"]) {
    document.addEventListener(event, (moved) => {
      moved.preventDefault();
      form.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (moved) => moved.relatedTarget === null && form.classList.remove("over"));
  document.addEventListener("drop", (dropped) => {
    dropped.preventDefault();
    form.classList.remove("over");
    const [file] = dropped.dataTransfer.files;
    const text = dropped.dataTransfer.getData("text/plain");
    if (file) upload(file, file.name);
    else if (text) pasted(text);
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("textarea, input")) return;
    const [file] = event.clipboardData.files;
    const text = event.clipboardData.getData("text/plain");
    if (text.includes("\t") || text.includes("\n")) pasted(text);
    else if (file) upload(file, file.name);
  });
}

/** Plans that this browser has made. */
function history() {
  const plans = all();
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const line = (plan) =>
    element("li", {}, element("label", { class: "check" }, element("input", { type: "checkbox", value: plan.id }), element("span", { class: "unseen" }, say("选来对比：", "compare "), plan.title)), " ", element("a", { href: `/plans/${encodeURIComponent(plan.id)}` }, element("bdi", {}, plan.title || say("分组结果", "groups"))), " ", element("small", { class: "soft" }, when.format(plan.at)));
  by("history").hidden = plans.length === 0;
  by("history").querySelector("ul").replaceChildren(...plans.slice(0, 8).map(line));
}

/** Two of the recent groupings side by side, the older first: the latest stands on top. */
function comparing() {
  const chosen = () => [...by("history").querySelectorAll("input:checked")].map((box) => encodeURIComponent(box.value));
  by("history").addEventListener("change", () => (by("compare").disabled = chosen().length !== 2));
  by("compare").addEventListener("click", () => {
    const [newer, older] = chosen();
    location.assign(`/plans/${older}/compare/${newer}`);
  });
}

function erasing() {
  by("sure").addEventListener("change", () => (by("erase").disabled = !by("sure").checked));
  by("erase").addEventListener("click", async () => {
    try {
      const gone = await ask("/v1/schools/me/data", { method: "DELETE" });
      localStorage.clear();
      sessionStorage.clear();
      by("sure").checked = false;
      by("erase").disabled = true;
      status(say(`已删除：${gone.lists} 份名册、${gone.plans} 份分组结果、${gone.staff} 份教师名单、${gone.batches} 个批次。`, `Deleted: ${gone.lists} lists, ${gone.plans} groupings, ${gone.staff} staff lists, ${gone.batches} batches.`));
    } catch (error) {
      trouble(by("trouble"), error);
    }
  });
}

if (by("upload")) {
  uploads(by("upload"));
  history();
  comparing();
}
if (by("erase")) erasing();
