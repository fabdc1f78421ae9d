/* A search box over a list that is there: [data-filter] names the list, [data-search] the rows. */

export function filter(input, changed) {
  const list = document.getElementById(input.dataset.filter);
  const run = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of list.querySelectorAll("[data-search]")) {
      row.hidden = !words.every((word) => row.dataset.search.includes(word));
      found += row.hidden ? 0 : 1;
    }
    for (const group of list.querySelectorAll("ul")) {
      const empty = !group.querySelector("[data-search]:not([hidden])");
      group.hidden = empty;
      const title = group.previousElementSibling;
      if (title) title.hidden = empty;
    }
    list.querySelector(".none").hidden = found > 0;
    if (changed) changed(list);
  };
  input.addEventListener("input", run);
  return run;
}
