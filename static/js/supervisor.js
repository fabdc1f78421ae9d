/* The supervisor's board: live, and counters are released at a second press. */

import {tick} from "./console/clock.js";
import {Desk} from "./console/desk.js";
import {Link} from "./console/link.js";

const root = document.getElementById("floor");
const link = new Link(root, () => { desk.swapped(); tick(root); });
const desk = new Desk(root, {refresh: () => link.refresh(), version: () => link.version()});

link.start();
setInterval(() => tick(root), 1000);
addEventListener("keydown", (event) => { if (event.code === "Escape") { desk.stop(); desk.disarm(); } });
addEventListener("pageshow", (event) => { if (event.persisted) { desk.stop(); link.refresh(); } });
