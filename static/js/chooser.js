/* The choice of a counter: what is typed filters the list that is there. */

import {filter} from "./console/filter.js";

const search = document.getElementById("search");
const run = filter(search);
search.form.addEventListener("submit", (event) => {
  // Enter with one counter left takes it: the keyboard's way to "Loket 12".
  const left = document.querySelectorAll("#zones [data-search]:not([hidden]) .do button, #zones [data-search]:not([hidden]) .do a");
  event.preventDefault();
  if (left.length === 1) left[0].click();
});
addEventListener("pageshow", run);
