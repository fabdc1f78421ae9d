/* The supervisor's pages behind the board: long lists are searched as one types. */

import {filter} from "./console/filter.js";

for (const input of document.querySelectorAll("input[data-filter]")) {
  const run = filter(input);
  addEventListener("pageshow", run);
  // Enter in the search box chooses nothing yet: the form has still to be filled in.
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
