// How the list was read: questions to answer, columns to correct, students to leave out. Whatever is said makes a new list of the
// same file, so nothing is divided that was read otherwise than it stands here.

import { ask, by, say, trouble } from "./core.js";

const list = by("list").dataset;
const said = JSON.parse(list.said);
const selects = [...document.querySelectorAll("#columns select")];
const ticks = [...document.querySelectorAll("#absent input")];
const doubts = [...document.querySelectorAll(".doubt")];
const start = by("solve").textContent;

const changed = (select) => !select.selectedOptions[0]?.defaultSelected;
const turned = (tick) => tick.checked !== tick.defaultChecked;
const open = () => selects.some(changed) || ticks.some(turned);

/** The header that a word about a column names; none for other words. */
function header(word) {
  const [field, ...rest] = word.split("=");
  return ["accept", "exclude"].includes(field.trim()) ? null : rest.join("=").trim();
}

/** What is said now; a later word about a column replaces an earlier one. */
function words(answer = []) {
  const columns = selects.filter(changed).map((select) => `${select.value}=${select.dataset.header}`);
  const absent = ticks.filter((tick) => tick.checked && turned(tick)).map((tick) => `exclude=${tick.value}`);
  const back = ticks.filter((tick) => !tick.checked && turned(tick)).map((tick) => `exclude=${tick.value}`);
  let all = said.filter((word) => !back.includes(word));
  for (const word of [...columns, ...absent, ...answer]) {
    const about = header(word);
    const same = (other) => other === word || (about !== null && header(other) !== null && about.endsWith(header(other)));
    all = [...all.filter((other) => !same(other)), word];
  }
  return all;
}

let keep = () => {};

async function read(columns) {
  try {
    const again = await ask(`/v1/lists/${list.list}/columns`, { method: "POST", json: { columns } });
    keep(again.id);
    // Still coming from the same groups.
    location.assign(`/lists/${again.id}${location.search}`);
  } catch (error) {
    trouble(by("reread-trouble"), error, (says) => read(words(says)));
  }
}

/** What the button that starts would do now. */
function tell() {
  by("again").hidden = !open();
  if (doubts.length > 0) by("solve").textContent = say(`先回答上面的 ${doubts.length} 个问题`, doubts.length === 1 ? "First answer the question above" : `First answer the ${doubts.length} questions above`);
  else by("solve").textContent = open() ? say("先按改动重新读取名册", "First read the list again with the changes") : start;
}

/** Whether the list is not ready to be divided; then the way there is taken instead. */
export function waits() {
  if (doubts.length > 0) {
    doubts[0].scrollIntoView({ block: "center" });
    doubts[0].focus();
    return true;
  }
  if (open()) read(words());
  return open();
}

/** `kept` gives the wishes to the list that takes the place of this one. */
export function begin(kept) {
  keep = kept;
  for (const place of ["columns", "absent"]) by(place).addEventListener("change", tell);
  by("columns").addEventListener("submit", (event) => event.preventDefault());
  by("again").addEventListener("click", () => read(words()));
  for (const button of document.querySelectorAll(".doubt button")) button.addEventListener("click", () => read(words(JSON.parse(button.dataset.says))));
  const answers = (word) => word.startsWith("accept=") || ["exclude=gone", "exclude=hidden"].includes(word);
  by("ask-again")?.addEventListener("click", () => read(words().filter((word) => !answers(word))));
  tell();
}
