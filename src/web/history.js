// Plans that this browser has made, the latest first. Names of files and times stay in the browser.

import { memory } from "./core.js";

const MOST = 30;

export const all = () => memory.get(localStorage, "plans") ?? [];

export function add(id, title) {
  memory.set(localStorage, "plans", [{ id, title, at: Date.now() }, ...all()].slice(0, MOST));
}

/** A plan was changed: its line leads to what became of it. */
export function follow(from, to) {
  memory.set(localStorage, "plans", all().map((plan) => (plan.id === from ? { ...plan, id: to } : plan)));
}
