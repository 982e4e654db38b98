// The board: why a student is here, what a move would cost before it is made, undo, redo, locks, improving the rest.
// Plans never change: each move makes a new plan whose parent is the one before, so undo is a step back.

import { ask, by, element, memory, say, status, trouble } from "./core.js";
import { follow } from "./history.js";
import { rename } from "./names.js";
import { price, verdict } from "./price.js";

let drag = null;
let picked = null;
let busy = false;
const prices = new Map();

const plan = () => by("plan").dataset.plan;
const section = (node) => node.closest("section.class");
const student = (node) => node?.closest?.(".student");
const name = (card) => card.querySelector("bdi").textContent;
const groupOf = (card) => card.closest("article");
const groupName = (article) => article.querySelector("h2 bdi").textContent;
const classOf = (node) => (section(node).dataset.several === "true" ? { class: section(node).dataset.class } : {});
const panel = (node) => section(node).querySelector(".panel");

/** The move that dropping a student on a card or a group would make; none where nothing would change. */
function moveTo(card, target) {
  if (!target || section(card) !== section(target)) return null;
  const other = student(target);
  if (other) {
    if (groupOf(other) === groupOf(card)) return null;
    return { moves: [{ swap: [card.dataset.student, other.dataset.student] }], words: say(`与${groupName(groupOf(other))} ${name(other)} 互换`, `swap with ${name(other)}, ${groupName(groupOf(other))}`) };
  }
  const group = target.closest("article");
  if (!group || group === groupOf(card)) return null;
  return { moves: [{ student: card.dataset.student, to: group.dataset.group }], words: say(`移到${groupName(group)}`, `move to ${groupName(group)}`) };
}

/** What the move would change; asked once. */
function priced(card, move) {
  const key = plan() + JSON.stringify(move.moves);
  if (!prices.has(key)) prices.set(key, ask(`/v1/plans/${plan()}/moves`, { method: "POST", json: { moves: move.moves, ...classOf(card) } }));
  return prices.get(key);
}

/** Tells the price beside the board, with a button to pay it. */
async function preview(card, move) {
  const place = panel(card);
  place.hidden = false;
  const head = element("h3", {}, element("bdi", {}, name(card)), " ", move.words);
  place.replaceChildren(head);
  try {
    const change = await priced(card, move);
    if (place.firstChild !== head) return;
    place.append(...price(change));
    const go = element("button", { type: "button", class: "main", onclick: () => apply(card, move) }, say("就这样换", "Do it"));
    go.disabled = change.broken.length > 0;
    place.append(element("p", { class: "row" }, go, element("button", { type: "button", onclick: () => letGo(card) }, say("取消", "Cancel"))));
    if (!go.disabled) go.focus();
  } catch (error) {
    trouble(by("trouble"), error);
  }
}

async function apply(card, move) {
  if (busy) return;
  busy = true;
  try {
    const made = await ask(`/v1/plans/${plan()}/moves`, { method: "POST", json: { moves: move.moves, apply: true, ...classOf(card) } });
    memory.set(sessionStorage, `redo:${plan()}`, null);
    await show(made.plan, card.dataset.student);
    status(say(`${name(card)}：${move.words}，已完成；可以撤销`, `${name(card)}: ${move.words}: done; it can be undone`));
  } catch (error) {
    trouble(by("trouble"), error);
  } finally {
    busy = false;
  }
}

/** Draws another plan in place of this one: the same page, drawn by the service. */
async function show(id, focus, push = true) {
  const answer = await fetch(`/plans/${id}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("plan");
  if (!answer.ok || !fresh) {
    location.assign(`/plans/${id}`);
    return;
  }
  follow(plan(), id);
  by("plan").replaceWith(document.adoptNode(fresh));
  picked = null;
  if (push) history.pushState({}, "", `/plans/${id}`);
  arm();
  if (focus) document.querySelector(`[data-student="${CSS.escape(focus)}"]`)?.focus();
}

function letGo(card) {
  picked = null;
  for (const one of document.querySelectorAll('.student[aria-pressed="true"]')) one.setAttribute("aria-pressed", "false");
  for (const into of document.querySelectorAll(".into")) into.hidden = true;
  for (const place of document.querySelectorAll(".panel")) place.hidden = true;
  card?.focus();
}

/** Takes a student up: the panel tells why they are here, and every other card and group becomes a place to go. */
async function pick(card) {
  letGo();
  picked = card;
  card.setAttribute("aria-pressed", "true");
  // Sizes are within one of each other: only a smaller group has room.
  const size = (article) => article.querySelectorAll(".student").length;
  for (const into of section(card).querySelectorAll(".into")) into.hidden = size(into.closest("article")) >= size(groupOf(card));
  const place = panel(card);
  place.hidden = false;
  const head = element("h3", {}, say("", "Why is "), element("bdi", {}, name(card)), say(` 为什么在${groupName(groupOf(card))}？`, ` in ${groupName(groupOf(card))}?`));
  place.replaceChildren(head, element("p", { class: "soft" }, say("正在比较…", "comparing…")));
  try {
    const why = await ask(`/v1/plans/${plan()}/why`, { method: "POST", json: { student: card.dataset.student, ...classOf(card) } });
    if (place.firstChild === head) place.replaceChildren(head, ...reasons(card, why));
  } catch (error) {
    trouble(by("trouble"), error);
  }
}

/** Who can change places with the student without any goal noticing: wishes that can be granted at once. */
function free(card, why) {
  const choice = ({ swap }) => {
    const other = section(card).querySelector(`[data-student="${CSS.escape(swap.find((id) => id !== card.dataset.student))}"]`);
    return element("button", { type: "button", class: "chip", onclick: () => apply(card, moveTo(card, other)) }, element("bdi", {}, name(other)), say(`（${groupName(groupOf(other))}）`, ` (${groupName(groupOf(other))})`));
  };
  if (why.free.length === 0) return [];
  return [element("div", { class: "choice gift" }, element("b", { class: "free" }, say("和下面的同学互换，不影响任何目标：", "Free swaps, which change no goal:")), element("p", { class: "chips" }, ...why.free.map(choice)))];
}

function reasons(card, why) {
  const lines = [element("p", { class: "soft" }, why.reason), ...free(card, why)];
  const given = new Set(why.free.map(({ swap }) => String(swap)));
  const others = why.alternatives.filter((one) => !given.has(String(one.moves[0].swap)));
  // Said once where it holds for all.
  const worse = others.every((one) => verdict(one) > 0);
  const intro = worse ? say("换到别处都没有现在均衡；最好的几种：", "Every other place is less fair; the best of them:") : say("换到别处的话，最好的几种：", "The best other places, and what each would cost:");
  if (others.length > 0) lines.push(element("p", { class: "soft small" }, intro));
  for (const one of others) {
    const other = one.moves[0].swap?.find((id) => id !== card.dataset.student);
    const target = other ? section(card).querySelector(`[data-student="${CSS.escape(other)}"]`) : section(card).querySelector(`[data-group="${CSS.escape(one.moves[0].to)}"]`);
    const move = moveTo(card, target);
    if (move) lines.push(element("div", { class: "choice" }, element("button", { type: "button", class: "quiet", onclick: () => apply(card, move) }, move.words), ...price(one, !worse)));
  }
  lines.push(element("p", { class: "row" }, element("button", { type: "button", onclick: () => letGo(card) }, say("关闭", "Close"))));
  return lines;
}

function clicked(card) {
  if (picked === card) letGo(card);
  else {
    const move = picked && moveTo(picked, card);
    if (move) preview(picked, move);
    else pick(card);
  }
}

/** Arrow keys go through a group and from group to group. */
function walk(event, card) {
  const column = [...groupOf(card).querySelectorAll(".student")];
  const groups = [...section(card).querySelectorAll("article")];
  const [row, at] = [column.indexOf(card), groups.indexOf(groupOf(card))];
  const beside = (step) => [...(groups[at + step]?.querySelectorAll(".student") ?? [])];
  const next = { ArrowDown: () => column[row + 1], ArrowUp: () => column[row - 1], ArrowRight: () => beside(1)[Math.min(row, beside(1).length - 1)], ArrowLeft: () => beside(-1)[Math.min(row, beside(-1).length - 1)] }[event.key]?.();
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

// Dragging with mouse or pen; by touch a card is chosen with one tap and its place with another.
function down(event) {
  const card = student(event.target);
  if (!card || event.button !== 0 || event.pointerType === "touch") return;
  drag = { card, x: event.clientX, y: event.clientY, ghost: null, over: null };
}

function moved(event) {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    letGo();
    drag.ghost = element("div", { class: "ghost", "aria-hidden": "true" }, element("bdi", {}, name(drag.card)));
    document.body.append(drag.ghost);
    drag.card.classList.add("held");
  }
  const inside = (at, room, size) => Math.max(0, Math.min(at + 12, room - size - 8));
  const [x, y] = [inside(event.clientX, innerWidth, drag.ghost.offsetWidth), inside(event.clientY, innerHeight, drag.ghost.offsetHeight)];
  drag.ghost.style.transform = `translate(${x}px, ${y}px)`;
  const below = document.elementFromPoint(event.clientX, event.clientY);
  const target = student(below) ?? below?.closest?.("article");
  if (target === drag.over) return;
  drag.over?.classList.remove("target");
  drag.over = target ?? null;
  const move = moveTo(drag.card, target);
  if (!move) return;
  target.classList.add("target");
  const { ghost, card } = drag;
  priced(card, move).then((change) => drag?.ghost === ghost && drag.over === target && ghost.replaceChildren(element("bdi", {}, name(card)), ...price(change)), () => {});
}

function up() {
  if (!drag) return;
  const { card, over, ghost } = drag;
  drag = null;
  if (!ghost) return;
  ghost.remove();
  card.classList.remove("held");
  over?.classList.remove("target");
  // The click that follows a drag is no choice.
  window.addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
  setTimeout(() => window.dispatchEvent(new Event("click")), 0);
  const move = over && moveTo(card, over);
  if (move) priced(card, move).then((change) => (change.broken.length === 0 ? apply(card, move) : preview(card, move)), (error) => trouble(by("trouble"), error));
  else letGo();
}

// Locks are kept for a list: they outlive the plans made from it.
const lockKey = () => `locks:${by("plan").dataset.list}`;
const locks = () => new Set(memory.get(sessionStorage, lockKey()) ?? []);
const lockOf = (card) => `${section(card).dataset.class}/${card.dataset.student}`;

function lock(button) {
  const card = button.parentElement.querySelector(".student");
  const kept = locks();
  const on = !kept.delete(lockOf(card));
  if (on) kept.add(lockOf(card));
  memory.set(sessionStorage, lockKey(), [...kept]);
  button.setAttribute("aria-pressed", String(on));
}

async function improve() {
  const sections = [...document.querySelectorAll("section.class")];
  const kept = locks();
  by("improve").disabled = true;
  status(say("正在优化其余学生…", "Improving the rest…"));
  try {
    let id = plan();
    for (const one of sections) {
      const locked = [...one.querySelectorAll(".student")].filter((card) => kept.has(lockOf(card))).map((card) => card.dataset.student);
      if (sections.length > 1 && locked.length === 0) continue;
      const made = await ask(`/v1/plans/${id}/improve`, { method: "POST", json: { locked, ...classOf(one) }, headers: { Prefer: "wait=60" } });
      id = made.id;
    }
    await show(id);
    status(say("已优化；可以撤销", "Improved; it can be undone"));
  } catch (error) {
    trouble(by("trouble"), error);
  } finally {
    if (by("improve")) by("improve").disabled = false;
  }
}

async function renamed(id, name) {
  memory.set(sessionStorage, `redo:${plan()}`, null);
  await show(id);
  status(say(`已改名为“${name}”；可以撤销`, `It is called “${name}” now; it can be undone`));
}

/** Gives the drawn board its behaviour. */
function arm() {
  const kept = locks();
  for (const button of document.querySelectorAll(".lock")) {
    button.setAttribute("aria-pressed", String(kept.has(lockOf(button.parentElement.querySelector(".student")))));
  }
  const { parent } = by("plan").dataset;
  const later = memory.get(sessionStorage, `redo:${plan()}`);
  by("undo")?.addEventListener("click", async () => {
    const now = plan();
    memory.set(sessionStorage, `redo:${parent}`, now);
    await show(parent);
  });
  if (by("redo")) {
    by("redo").disabled = !later;
    by("redo").addEventListener("click", () => show(later));
  }
  by("improve")?.addEventListener("click", improve);
  if (by("discreet")) {
    by("discreet").checked = document.body.classList.contains("discreet");
    by("discreet").addEventListener("change", () => document.body.classList.toggle("discreet", by("discreet").checked));
  }
}

document.addEventListener("pointerdown", down);
document.addEventListener("pointermove", moved);
document.addEventListener("pointerup", up);
document.addEventListener("pointercancel", up);
document.addEventListener("click", (event) => {
  const card = student(event.target);
  const into = event.target.closest?.(".into");
  const locked = event.target.closest?.(".lock");
  const named = event.target.closest?.(".rename");
  if (named) rename(named, plan(), renamed);
  else if (locked) lock(locked);
  else if (card) clicked(card);
  else if (into && picked) {
    const move = moveTo(picked, into.closest("article"));
    if (move) preview(picked, move);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") letGo(picked);
  const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (undoing) {
    event.preventDefault();
    by(event.shiftKey ? "redo" : "undo")?.click();
  }
  const card = student(event.target);
  if (card) walk(event, card);
});
window.addEventListener("popstate", () => show(location.pathname.split("/").pop(), null, false));
arm();
