// What every page's script shares: two languages, requests to /v1, problems told in words. Texts go into text nodes only.

const chinese = document.documentElement.lang.startsWith("zh");

/** One of two texts, by the page's language. */
export const say = (zh, en) => (chinese ? zh : en);

export const by = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text nodes. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A problem that the service told, with every fault. */
export class Problem extends Error {
  constructor(told, status) {
    super(told.detail || told.title || String(status));
    this.told = told;
    this.status = status;
  }
}

/** Asks the service; its JSON, or a Problem. */
export async function ask(path, { method = "GET", json, form, headers = {} } = {}) {
  const body = json === undefined ? form : JSON.stringify(json);
  if (json !== undefined) headers = { "Content-Type": "application/json", ...headers };
  let answer;
  try {
    answer = await fetch(path, { method, body, headers });
  } catch {
    throw new Problem({ title: say("连不上 fenzu", "fenzu does not answer"), detail: say("请确认 fenzu 仍在运行，然后再试一次。", "Check that fenzu is still running, and try again.") }, 0);
  }
  if (answer.status === 401) location.assign("/enter");
  const text = await answer.text();
  let told = {};
  try {
    told = text ? JSON.parse(text) : {};
  } catch {
    told = { detail: text.slice(0, 200) };
  }
  if (!answer.ok) throw new Problem(told, answer.status);
  return told;
}

/** Shows a problem with all its faults, and brings it into view. `mend` takes what a fault's remedy says, where there is one. */
export function trouble(place, error, mend) {
  const told = error.told ?? { detail: String(error) };
  const faults = told.faults ?? [];
  const detail = faults.length > 0 ? say(`共 ${faults.length} 处需要改正`, faults.length === 1 ? "One thing to correct" : `${faults.length} things to correct`) : told.detail;
  const answer = (one) => element("button", { type: "button", class: "main", onclick: () => mend(one.says) }, one.label);
  const fault = (one) =>
    element("li", {}, element("b", {}, element("bdi", {}, one.place)),
      element("span", {}, say("读到 ", "Found "), element("bdi", {}, one.found)),
      element("span", {}, say("应为 ", "Expected "), element("bdi", {}, one.expected)),
      mend && one.answers?.length > 0 ? element("span", { class: "row" }, ...one.answers.map(answer)) : element("span", { class: "do" }, element("bdi", {}, one.action)));
  const box = element("div", { class: "card trouble pad", tabindex: "-1" }, element("strong", {}, told.title ?? say("出错了", "Something went wrong")), element("p", {}, element("bdi", {}, detail ?? "")));
  if (faults.length > 0) box.append(element("ol", { class: "faults" }, ...faults.map(fault)));
  place.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
  box.focus();
}

/** Says what goes on, also to those who cannot see it. */
export function status(text) {
  const place = by("status");
  if (place) place.textContent = text;
}

// Storage may be switched off; then nothing is remembered, and all else works.
export const memory = {
  get(store, key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  },
  set(store, key, value) {
    try {
      store.setItem(key, JSON.stringify(value));
    } catch {
      /* full or off */
    }
  },
};

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
