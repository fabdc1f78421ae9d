/* The kiosk's own keyboard, for the field of a screen; and the search, which finds while one types. */
const PAUSE = 180;

/* Touching a key leaves the caret in the field. Returns the field. */
export function keyboard() {
  const field = document.getElementById("q"), board = document.getElementById("board");
  board.hidden = false;
  board.addEventListener("pointerdown", (event) => event.preventDefault());
  board.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) { return; }
    press(field, key.dataset);
    field.dispatchEvent(new Event("input", {bubbles: true}));
  });
  field.focus({preventScroll: true});
  field.setSelectionRange(field.value.length, field.value.length);
  return field;
}

export function searching(load, lose) {
  const field = keyboard();
  let timer = 0;
  document.getElementById("go").hidden = true;   // results come by themselves
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });

  async function find() {
    const form = document.getElementById("query");
    if (!form?.contains(field)) { return; }        // another screen has come
    const url = form.action.split("?")[0] + "?" + new URLSearchParams(new FormData(form));
    let found;
    try { found = await load(url); } catch { lose(find); return; }
    if (!found || !document.contains(field)) { return; }
    document.getElementById("found").replaceWith(found.page.getElementById("found"));
    document.querySelector(".bar").replaceWith(found.page.querySelector(".bar"));
    history.replaceState(history.state, "", url);
  }
}

function press(field, {key, act}) {
  const start = field.selectionStart, end = field.selectionEnd;
  if (act === "clear") { field.value = ""; return; }
  if (act === "back") {
    if (end) { field.setRangeText("", start === end ? start - 1 : start, end, "end"); }
    return;
  }
  if (field.value.length < field.maxLength) { field.setRangeText(key, start, end, "end"); }
}
