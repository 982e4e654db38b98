// A plan at work: its progress as it comes, and a stop that keeps the best.

import { ask, by, say, status, trouble } from "./core.js";

const plan = by("wait").dataset.plan;
const bar = document.querySelector("progress");
const events = new EventSource(`/v1/plans/${plan}/events`);

let drawing = false;

/** Shows the best groups so far, drawn by the service. */
async function draw() {
  if (drawing) return;
  drawing = true;
  try {
    const answer = await fetch(`/plans/${plan}/draft`, { redirect: "error" });
    if (answer.status === 200) {
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      by("draft").replaceChildren(...drawn.body.children);
      by("draft").hidden = false;
    }
  } catch {
    // The next event brings the next look.
  } finally {
    drawing = false;
  }
}

events.addEventListener("progress", ({ data }) => {
  const { state, progress } = JSON.parse(data);
  if (state === "running") draw();
  bar.value = Math.round(progress * 100);
  status(state === "queued" ? say("排队中…", "waiting for its turn…") : `${bar.value} %`);
});
events.addEventListener("done", () => {
  events.close();
  location.replace(`/plans/${plan}`);
});
events.onerror = () => status(say("连接断了，正在重连…", "The connection is lost; trying again…"));

by("stop").addEventListener("click", async () => {
  by("stop").disabled = true;
  status(say("正在停下…", "Stopping…"));
  try {
    await ask(`/v1/plans/${plan}/stop`, { method: "POST" });
  } catch (error) {
    by("stop").disabled = false;
    trouble(by("trouble"), error);
  }
});
