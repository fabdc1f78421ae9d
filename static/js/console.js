/* The operator's console. The page works without this; with it, acts don't reload the page,
 * the state is live, and everything is at the numpad. */

import {Asking} from "./console/asking.js";
import {tick} from "./console/clock.js";
import {Cue} from "./console/cue.js";
import {Desk} from "./console/desk.js";
import {listen} from "./console/keys.js";
import {Link} from "./console/link.js";
import {Panel} from "./console/panel.js";
import {facts} from "./console/swap.js";

const root = document.getElementById("console");
const cue = new Cue(document.getElementById("cue"));
const link = new Link(root, changed);
const desk = new Desk(root, {refresh: () => link.refresh(), version: () => link.version()});
const asking = new Asking(document.getElementById("asking"), desk);
const panel = new Panel(desk);

listen(root, desk, panel, asking);
link.start();
title(facts(root));
setInterval(() => tick(root), 1000);
// A mouse click leaves no focus behind, or Enter would repeat that button instead of going on.
root.addEventListener("click", (event) => {
  const button = event.target.closest(".act button, .big, .pick, .drop, .undo button");
  if (button && event.detail > 0) button.blur();
});
// Back from the browser's memory: whatever was in flight then is not known any more.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  desk.stop();
  desk.disarm();
  asking.close();
  link.refresh();
});

function changed(before, now) {
  desk.swapped();
  tick(root);
  title(now);
  hear();
  if (before.current !== now.current || before.state !== now.state) asking.close();
  const steward = root.dataset.steward === "1";
  if (!steward && now.operator && now.operator !== root.dataset.me) { location.assign(root.dataset.here); return; }
  if (!steward && before.operator === root.dataset.me && !now.operator && !desk.flying) desk.say(desk.words.released, "warn");
  // Whoever pressed the button may not want it heard: it sounds at the others.
  const own = `${root.dataset.here.split("/").pop()}:`;
  if (now.alarms.some((one) => !one.startsWith(own) && !before.alarms.includes(one))) cue.alarm();
  if (now.messages.some((one) => !before.messages.includes(one))) { desk.say(desk.words.message, "warn"); cue.ring(); }
  if (before.closing && !now.closing && now.state === before.state) { desk.say(desk.words.denied, "warn"); cue.ring(); }
  if (now.state === "open" && !now.current && !before.waiting && now.waiting) arrived();
}

function arrived() {
  desk.say(desk.words.arrived, "good");
  cue.ring();
}

/* What the big number and the words above it say, for who hears the page. */
function hear() {
  const status = root.querySelector(".now .status"), heard = document.getElementById("heard");
  const said = `${status.dataset.number || ""} ${status.textContent}`.trim();
  if (heard.textContent !== said) heard.textContent = said;
}

function title(now) {
  document.title = now.title;
}
