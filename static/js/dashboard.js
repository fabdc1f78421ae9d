/* The hall at a glance: live frames; the minutes go on between them. */

import {tick} from "./console/clock.js";
import {Link} from "./console/link.js";

const MINUTE = 60000;
const root = document.getElementById("dashboard");
const link = new Link(root, () => tick(root));

link.start();
setInterval(() => tick(root), 1000);
// Time alone opens the door and closes it: no frame tells of that.
setInterval(() => link.refresh(), MINUTE);
addEventListener("pageshow", (event) => { if (event.persisted) link.refresh(); });
