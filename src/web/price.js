// What a change would cost, in a teacher's words.

import { element, say } from "./core.js";

const number = (x) => String(Math.round(x * 100) / 100);

/** One balanced column before and after: “数学差 0.1 → 0.3 分”. */
function shift(one) {
  const unit = one.kind === "score" ? say(" 分", " pts") : say(" 人", "");
  return say(`${one.label}差 ${number(one.before)} → ${number(one.after)}${unit}`, `${one.label} range ${number(one.before)} → ${number(one.after)}${unit}`);
}

/** Whether the plan after it is better (-1), the same (0) or worse (1), by the first goal that differs. */
export function verdict(change) {
  const goal = change.goals.find((one) => one.before_scaled !== one.after_scaled);
  return goal ? Math.sign(goal.after_scaled - goal.before_scaled) : 0;
}

/** The price as lines of text: a headline (unless `head` is false), then each column that shifts; or the rule that would break. */
export function price(change, head = true) {
  const shifts = change.balance.filter((one) => Math.abs(one.before - one.after) > 1e-9).sort((a, b) => b.after - b.before - (a.after - a.before));
  if (change.broken.length > 0) {
    return [element("b", { class: "cost" }, say("不可以：", "Not possible: "), change.broken[0].message)];
  }
  const how = verdict(change);
  const words = how === 0 ? say("不影响任何目标", "no goal changes") : how < 0 ? say("比现在更均衡", "fairer than now") : say("没有现在均衡", "less fair than now");
  const lines = head ? [element("b", { class: how > 0 ? "cost" : "free" }, words)] : [];
  if (shifts.length > 0) lines.push(element("ul", { class: "shifts" }, ...shifts.slice(0, 6).map((one) => element("li", { class: one.after > one.before ? "cost" : "free" }, shift(one)))));
  return lines;
}
