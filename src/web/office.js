// The school office: all lists at once, then every class as it comes, the teachers' loads, and all files.

import { ask, by, element, say, status, trouble } from "./core.js";

const states = {
  queued: say("排队", "waiting"),
  running: say("正在分组", "at work"),
  done: say("已完成", "done"),
  failed: say("没有成功", "failed"),
  refused: say("名册有误", "list refused"),
  cancelled: say("已取消", "cancelled"),
};

async function send(event) {
  event.preventDefault();
  by("trouble").replaceChildren();
  status(say("正在上传…", "Uploading…"));
  const form = new FormData();
  for (const file of by("lists").files) form.append("lists", file, file.name);
  if (by("staff").files[0]) form.append("staff", by("staff").files[0], by("staff").files[0].name);
  form.append("request", JSON.stringify({ size: Number(by("size").value) }));
  try {
    const batch = await ask("/v1/batches", { method: "POST", form });
    location.assign(`/batches/${batch.id}`);
  } catch (error) {
    status("");
    trouble(by("trouble"), error);
  }
}

const cell = (text, kind = null) => element("td", { class: kind }, element("bdi", {}, String(text ?? "")));

/** What a plan does not rest on, after a word; nothing where all is used. */
const named = (all, word) => (all?.length > 0 ? word + all.join(say("、", ", ")) : "");

/** One class: as the workers have it, and once all is done as the summary has it. */
function line(one, told) {
  const proved = told?.through ? say("已证明最优", "proved best") : "";
  const why = told?.error?.message ?? one.error?.detail ?? "";
  const unused = named(told?.rests_on?.unused, say("没有用到：", "not used: "));
  const out = named(told?.rests_on?.left_out, say("未编入：", "left out: "));
  return element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, one.class)), cell(states[told?.state ?? one.state] ?? one.state, "words"), cell(told?.groups), cell(told?.unstaffed || ""), cell([unused, out, proved, why].filter(Boolean).join(say("；", "; ")), "words"));
}

function draw(batch) {
  const { summary } = batch;
  document.querySelector("progress").value = Math.round(batch.progress * 100);
  const known = new Map((summary?.classes ?? []).map((one) => [one.class, one]));
  const unread = [...known.values()].filter((one) => !batch.classes.some((other) => other.class === one.class));
  by("classes").replaceChildren(...[...batch.classes, ...unread].map((one) => line(one, known.get(one.class))));
  const { all, done } = batch.counts;
  const part = batch.classes.length < all ? say(`，先列出前 ${batch.classes.length} 个`, `, the first ${batch.classes.length} below`) : "";
  status(`${states[batch.state]} · ${say(`${all} 个班，完成 ${done} 个`, `${done} of ${all} classes`)}${part}`);
  const conflicts = summary?.conflict ?? [];
  by("conflicts").hidden = conflicts.length === 0;
  by("conflicts").querySelector("ul").replaceChildren(...conflicts.map((one) => element("li", {}, element("bdi", {}, one.message || one.rule))));
  const teachers = summary?.teachers ?? [];
  by("loads").hidden = teachers.length === 0;
  const load = (one) => element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, one.name || one.id)), cell(one.groups.join(say("、", ", ")), "words"), cell(one.students), cell(one.visits));
  // Who has most groups first; who has none comes last.
  const sorted = teachers.toSorted((a, b) => b.groups.length - a.groups.length);
  by("loads").querySelector("tbody").replaceChildren(...sorted.map(load));
  by("result").hidden = batch.state !== "done";
  by("stop").hidden = !["queued", "running"].includes(batch.state);
  if (batch.error) trouble(by("trouble"), Object.assign(new Error(), { told: batch.error }));
  return !by("stop").hidden;
}

/** The batch as it stands: while it is at work the first page of its classes, then all of them. */
async function read(id) {
  const batch = await ask(`/v1/batches/${id}`);
  if (["queued", "running"].includes(batch.state)) return batch;
  for (let { next } = batch; next; ) {
    const page = await ask(`/v1/batches/${id}?limit=1000&after=${next}`);
    batch.classes.push(...page.classes);
    ({ next } = page);
  }
  if (batch.state === "done") batch.summary ??= await ask(`/v1/batches/${id}/summary`);
  return batch;
}

async function watch(id) {
  try {
    if (draw(await read(id))) setTimeout(() => watch(id), 700);
  } catch (error) {
    trouble(by("trouble"), error);
  }
}

/** What was chosen, in words beside the button. */
function chosen(box) {
  const files = [...by(box).files];
  by(`${box}-told`).textContent = files.length > 1 ? say(`已选 ${files.length} 份`, `${files.length} files`) : (files[0]?.name ?? "");
}

if (by("send")) {
  by("send").addEventListener("submit", send);
  for (const box of ["lists", "staff"]) by(box).addEventListener("change", () => chosen(box));
}
if (by("batch")) {
  const id = by("batch").dataset.batch;
  by("stop").addEventListener("click", () => ask(`/v1/batches/${id}/stop`, { method: "POST" }).catch((error) => trouble(by("trouble"), error)));
  watch(id);
}
