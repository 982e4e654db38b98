// The wishes about a list, turned into a request for a plan.

import { ask, by, element, memory, say, status, trouble } from "./core.js";
import * as extras from "./extras.js";
import * as history from "./history.js";
import { arrange, asked, boxes, columns, goals, usual } from "./order.js";
import * as reading from "./reading.js";

const list = by("list").dataset.list;

// Special wishes: people by name, rules by id.
const people = new Map([...by("people").options].map((option) => [option.value, option.dataset.id]));
const label = new Map([...people].map(([name, id]) => [id, name]));
const initials = new Map([...by("people").options].map((option) => [option.value, option.dataset.initials.split(" ")]));
let chosen = [];
let rules = [];

const named = (ids) => ids.map((id) => label.get(id) ?? id);
const words = {
  together: () => say("同一组", "in one group"),
  apart: () => say("不同组", "in different groups"),
  pin: (rule) => say(`固定到第 ${rule.group} 组`, `fixed to group ${rule.group}`),
};

function draw() {
  const chip = (id, at) =>
    element("button", { type: "button", class: "chip", title: say("去掉", "take out"), onclick: () => ((chosen = chosen.filter((_, i) => i !== at)), draw()) }, element("bdi", {}, label.get(id) ?? id), " ×");
  by("chosen").replaceChildren(...chosen.map(chip));
  const line = (rule, at) =>
    element("li", {}, element("b", {}, words[rule.kind](rule)), " ", element("bdi", {}, named(rule.who).join(say("、", ", "))), " ",
      element("button", { type: "button", class: "quiet", onclick: () => ((rules = rules.filter((_, i) => i !== at)), draw()) }, say("删除", "remove")));
  by("rules").replaceChildren(...rules.map(line));
  by("to").hidden = by("kind").value !== "pin";
  keep();
}

/** Everyone whom a text can mean: the whole name, all pinyin initials, a part of the one or the first of the others. */
function meant(text) {
  if (people.has(text)) return [text];
  const typed = text.toLowerCase();
  const names = [...people.keys()];
  const whole = names.filter((name) => initials.get(name).includes(typed));
  return whole.length > 0 ? whole : names.filter((name) => name.includes(text) || initials.get(name).some((one) => one.startsWith(typed)));
}

// As many as one sees at a glance.
const MOST = 8;

/** Names to choose from. The browser's own list knows whole names only, so initials bring up these. */
function offer(names) {
  const chip = (name) => element("button", { type: "button", class: "chip", onclick: () => choose(name) }, element("bdi", {}, name));
  by("hits").replaceChildren(...names.slice(0, MOST).map(chip));
}

function choose(name) {
  const id = people.get(name);
  if (!chosen.includes(id)) chosen.push(id);
  by("who").value = "";
  by("who").setCustomValidity("");
  by("who").focus();
  offer([]);
  draw();
}

/** Takes the name in the box among the chosen; false where nobody is called so. */
function take() {
  const name = by("who").value.trim();
  if (name === "") return true;
  const hits = meant(name);
  if (hits.length !== 1) {
    const why = hits.length === 0 ? say("名册里没有这个名字", "nobody in the list is called so") : say(`有 ${hits.length} 人，请写完整或在下面点选`, `${hits.length} people match; write the whole name, or choose below`);
    offer(hits);
    by("who").setCustomValidity(why);
    by("who").reportValidity();
    return false;
  }
  choose(hits[0]);
  return true;
}

by("who").addEventListener("input", () => {
  by("who").setCustomValidity("");
  const text = by("who").value.trim();
  offer(/^[a-z]+$/i.test(text) ? meant(text) : []);
});
by("who").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (by("who").value === "" && chosen.length > 0) by("add").click();
  else take();
});
by("kind").addEventListener("change", draw);
by("add").addEventListener("click", () => {
  if (!take()) return;
  const kind = by("kind").value;
  const least = kind === "pin" ? 1 : 2;
  if (chosen.length < least) {
    by("who").setCustomValidity(say(`至少要 ${least} 名学生`, least === 1 ? "name a student" : "name two students at least"));
    by("who").reportValidity();
    return;
  }
  rules.push({ kind, who: chosen, group: Number(by("number").value) });
  chosen = [];
  draw();
  by("who").focus();
});

// What was wished is still there when one comes back to change it.
const key = `wishes:${list}`;
const shares = () => [...document.querySelectorAll("#ratio input")];

function keep() {
  const off = boxes().filter((box) => !box.checked).map((box) => box.value);
  const ratio = shares().map((share) => share.value);
  memory.set(sessionStorage, key, { groups: by("groups").value, ratio, off, order: goals(), alone: by("alone")?.checked ?? false, rules, extras: extras.kept() });
}

function restore() {
  const kept = memory.get(sessionStorage, key);
  if (!kept) return;
  by("groups").value = kept.groups;
  shares().forEach((share, at) => (share.value = kept.ratio[at] ?? share.value));
  boxes().forEach((box) => (box.checked = !kept.off.includes(box.value)));
  arrange(kept.order ?? usual);
  extras.restore(kept.extras);
  if (by("alone")) by("alone").checked = kept.alone;
  rules = kept.rules.filter((rule) => rule.who.every((id) => label.has(id)));
}

for (const event of ["change", "read"]) by("wishes").addEventListener(event, keep);

/** The model in force with another ratio, fewer columns or another order of goals; undefined where the usual one serves. */
async function model() {
  const ratio = shares().map((share) => Number(share.value));
  const off = boxes().filter((box) => !box.checked);
  const same = String(goals()) === String(usual);
  if (same && off.length === 0 && String(ratio) === String([3, 5, 2].slice(0, ratio.length))) return undefined;
  const { models } = await ask("/v1/models");
  const { model: told } = models[0];
  ratio.forEach((share, at) => (told.tiers.layers[at].ratio = share));
  const looked = (goal) => ({ ...goal, columns: columns(goal.goal) });
  const level = (goal) => ({ ...goal, level: goals().indexOf(goal.goal) + 1 });
  told.goals = told.goals.map(looked).filter((goal) => goals().includes(goal.goal) && (!goal.columns || goal.columns.length > 0)).map(level).sort((a, b) => a.level - b.level);
  // Proved as far as the last goal of those that the usual model wants proved.
  told.prove_through = told.goals.findLast((goal) => asked(goal.goal)).goal;
  return told;
}

async function wished() {
  const of = (kind) => rules.filter((rule) => rule.kind === kind);
  const told = {
    together: of("together").map((rule) => rule.who),
    apart: of("apart").map((rule) => rule.who),
    pin: of("pin").flatMap((rule) => rule.who.map((student) => ({ student, group: rule.group }))),
    never_alone: by("alone")?.checked ? [{ column: "gender" }] : [],
  };
  return { list, groups: Number(by("groups").value), rules: told, model: await model(), ...extras.wished() };
}

by("wishes").addEventListener("submit", async (event) => {
  event.preventDefault();
  by("trouble").replaceChildren();
  // A list with open questions or changes that were not read yet is not divided: what was wished waits for it.
  if (reading.waits()) return;
  by("solve").disabled = true;
  status(say("正在寻找最均衡的分法…", "Looking for the fairest grouping…"));
  try {
    const plan = await ask("/v1/plans", { method: "POST", json: await wished(), headers: { Prefer: "wait=1" } });
    const title = document.title.split(" · ")[0];
    history.add(plan.id, title);
    location.assign(`/plans/${plan.id}`);
  } catch (error) {
    status("");
    trouble(by("trouble"), error);
  } finally {
    by("solve").disabled = false;
  }
});

restore();
draw();
reading.begin((other) => memory.set(sessionStorage, `wishes:${other}`, memory.get(sessionStorage, key)));
