/* The supervisor's board: live; counters are released at a second press; a new alarm is heard. */

import {tick} from "./console/clock.js";
import {Desk} from "./console/desk.js";
import {Link} from "./console/link.js";

const root = document.getElementById("floor");
const title = document.title;
let known = keys();
const link = new Link(root, () => { desk.swapped(); tick(root); hear(); });
const desk = new Desk(root, {refresh: () => link.refresh(), version: () => link.version()});

count();
link.start();
setInterval(() => tick(root), 1000);
addEventListener("keydown", (event) => { if (event.code === "Escape") { desk.stop(); desk.disarm(); } });
addEventListener("pageshow", (event) => { if (event.persisted) { desk.stop(); link.refresh(); } });

function alarms() { return Array.from(root.querySelectorAll("[data-alarm]")); }
function keys() { return new Set(alarms().map((row) => row.dataset.alarm)); }

/* What is new is said once, the worst of it, for who hears the page or looks elsewhere. */
function hear() {
  const fresh = alarms().find((row) => !known.has(row.dataset.alarm));
  known = keys();
  if (fresh) document.getElementById("heard").textContent = fresh.querySelector(".said").textContent.trim();
  count();
}

function count() {
  const number = root.querySelector(".alarms").dataset.count;
  document.title = number === "0" ? title : `(${number}) ${title}`;
}
