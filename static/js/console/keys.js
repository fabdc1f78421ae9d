/* Keys by their place (`code`), so that a numpad works with NumLock on and off. The buttons
 * carry their keys; what is here is only how keys and focus work together. */

const UP = ["ArrowUp", "Numpad8"], DOWN = ["ArrowDown", "Numpad2"], BACK = ["Escape", "Numpad5"];
const ENTER = ["Enter", "NumpadEnter"], DROP = ["Delete", "Numpad1", "KeyB"];

export function listen(root, desk) {
  const own = JSON.parse(root.dataset.keys); // of pedals and remotes: code -> act
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    // NumLock off, or Shift held, turns Numpad8 into an arrow: its place is still the same.
    if (event.shiftKey && !event.code.startsWith("Numpad")) return;
    const act = own[event.code] ? named(own[event.code], event, root, desk) : meaning(event, root, desk);
    if (!act) return;
    event.preventDefault();
    // A key that is held down acts once: the rest of its presses are swallowed.
    if (!event.repeat || act.repeats) act.go();
  });
}

/* A key that the configuration gives an act: "next" is what the numpad's Enter is. */
function named(name, event, root, desk) {
  if (name === "next") return enter(event, root, desk, chosen());
  if (name === "back") return {go: () => back(desk)};
  const button = document.getElementById(`act-${name}`);
  return button && {go: () => desk.pressedBy(event.code, button)};
}

function meaning(event, root, desk) {
  const code = event.code;
  const row = chosen();
  if (UP.includes(code)) return {repeats: true, go: () => move(root, -1)};
  if (DOWN.includes(code)) return {repeats: true, go: () => move(root, 1)};
  if (BACK.includes(code)) return {go: () => back(desk)};
  if (ENTER.includes(code)) return enter(event, root, desk, row);
  if (row && DROP.includes(code)) {
    const drop = row.querySelector(".drop");
    return drop && {go: () => desk.pressedBy(code, drop)};
  }
  const button = root.querySelector(`[data-code="${code}"], [data-letter="${code}"]`);
  if (button) return {go: () => desk.pressedBy(code, button)};
  const primary = document.getElementById("primary");
  return code === "KeyC" && primary && {go: () => desk.pressedBy(code, primary)};
}

/* Enter on a link or button is that one's; NumpadEnter is the big button's, but for a row that
   was chosen and for what waits for its second press. */
function enter(event, root, desk, row) {
  const armed = desk.armed && document.getElementById(desk.armed.id);
  if (armed) return {go: () => desk.pressedBy(event.code, armed)};
  const focused = document.activeElement;
  if (row) return {go: () => desk.pressedBy(event.code, focused.closest("button") || row.querySelector(".pick"))};
  const own = focused.matches && focused.matches("a, button, summary");
  if (own && event.code === "Enter") return event.repeat ? {go() {}} : null;
  const primary = document.getElementById("primary");
  return primary && {go: () => desk.pressedBy(event.code, primary)};
}

function chosen() {
  return document.activeElement.closest && document.activeElement.closest(".row");
}

function back(desk) {
  if (desk.flying) desk.stop();
  else if (!desk.disarm() && document.activeElement) { document.activeElement.blur(); desk.say(""); }
}

function move(root, step) {
  const rows = Array.from(root.querySelectorAll(".row .pick"));
  if (!rows.length) return;
  const here = document.activeElement.closest && document.activeElement.closest(".row");
  const at = here ? rows.indexOf(here.querySelector(".pick")) : step > 0 ? -1 : rows.length;
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({block: "nearest"});
}

function typing(node) {
  return node instanceof Element && node.matches("input, select, textarea, [contenteditable]");
}
