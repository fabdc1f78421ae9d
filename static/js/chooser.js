/* The choice of a counter: what is typed filters the list that is there. */

import {filter} from "./console/filter.js";

const search = document.getElementById("search");
const run = filter(search);
document.getElementById("how").hidden = false;
search.focus({preventScroll: true});
search.form.addEventListener("submit", (event) => {
  // Enter takes the counter of that number, or the only one left: the keyboard's way to "Loket 12".
  event.preventDefault();
  const typed = search.value.trim().toLowerCase();
  const left = Array.from(document.querySelectorAll("#zones [data-search]:not([hidden])"));
  const wanted = left.length === 1 ? left[0] : left.find((one) => typed && one.dataset.id === typed);
  const button = (wanted || left[0])?.querySelector(".do button, .do a");
  if (!button) return;
  if (wanted) button.click();
  else button.focus();
});
addEventListener("pageshow", run);
