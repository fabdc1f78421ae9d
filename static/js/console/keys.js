/* Keys by their place (`code`), so that a numpad works with NumLock on and off; the digits and signs
 * of the main keyboard are the same keys, for who has no numpad. The buttons carry their keys; what
 * is here is only how keys and focus work together. */

const UP = ["ArrowUp", "Numpad8"], DOWN = ["ArrowDown", "Numpad2"], BACK = ["Escape", "Numpad5"];
const ENTER = ["Enter", "NumpadEnter"], DROP = ["Delete", "Numpad1", "KeyB"], UNDO = ["Backspace"];
const SIGNS = {"+": "NumpadAdd", "=": "NumpadAdd", "-": "NumpadSubtract", "/": "NumpadDivide", "*": "NumpadMultiply", ".": "NumpadDecimal", ",": "NumpadDecimal"};

export function listen(root, desk, panel, asking) {
  const own = JSON.parse(root.dataset.keys); // of pedals and remotes: code -> act
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    if (asking.keep(event)) return;
    const help = event.key === "?", code = place(event);
    // NumLock off, or Shift held, turns Numpad8 into an arrow: its place is still the same.
    if (event.shiftKey && !help && !code.startsWith("Numpad")) return;
    const name = own[event.code];
    const act = help ? {go: () => press("act-keys")} : name ? named(name, event, root, desk, panel)
      : panel.open ? inPanel(event, code, desk, panel) : meaning(event, code, root, desk, panel);
    if (!act) return;
    event.preventDefault();
    // A key that is held down acts once: the rest of its presses are swallowed.
    if (!event.repeat || act.repeats) act.go();
  });
}

/* Where the key would be on a numpad, if it is there. */
function place(event) {
  if (event.code.startsWith("Numpad")) return event.code;
  const digit = event.shiftKey ? null : /^Digit(\d)$/.exec(event.code);
  return SIGNS[event.key] || (digit ? `Numpad${digit[1]}` : event.code);
}

/* A key that the configuration gives an act: "next" is what the numpad's Enter is. */
function named(name, event, root, desk, panel) {
  if (name === "back" && panel.open) return {go: () => panel.close()};
  if (name === "next") return enter(event, root, desk, chosen());
  if (name === "back") return {go: () => back(desk)};
  const button = document.getElementById(`act-${name}`);
  return button && {go: () => desk.pressedBy(event.code, button)};
}

function press(id) {
  const button = document.getElementById(id);
  button.form.requestSubmit(button);
}

/* Open, the panel has the digits; letters mean what they always do. */
function inPanel(event, code, desk, panel) {
  if (code === "Escape" || code === document.getElementById("more-name").dataset.code) return {go: () => panel.close()};
  if (code === "ArrowDown" || code === "ArrowUp") return {repeats: true, go: () => panel.move(code === "ArrowDown" ? 1 : -1)};
  const button = panel.act(code);
  if (button) return {go: () => take(button, code, desk, panel)};
  const armed = desk.armed && document.getElementById(desk.armed.id);
  if (armed && ENTER.includes(code)) return {go: () => take(armed, code, desk, panel)};
  const own = document.activeElement.matches && document.activeElement.matches(".panel button, summary");
  if (ENTER.includes(code)) {
    if (!own || event.repeat) return {go: () => panel.close()};
    return document.activeElement.matches("summary") ? {go: () => panel.close()} : {go: () => take(document.activeElement, code, desk, panel)};
  }
  const lettered = document.querySelector(`#console [data-letter="${code}"]`);
  return lettered && (lettered.id === "more-name" ? {go: () => panel.close()} : {go: () => take(lettered, code, desk, panel)});
}

/* What needs a second press is armed where it can be seen: the panel is open for it. */
function take(button, code, desk, panel) {
  const off = button.getAttribute("aria-disabled") === "true";
  const waits = button.dataset.sure && button.closest(".panel");
  if (!off && !waits) panel.close();
  desk.pressedBy(code, button);
  if (waits && !desk.armed) panel.close();
}

function seen(button, code, desk, panel) {
  if (button.dataset.sure && button.closest(".panel") && button.getAttribute("aria-disabled") !== "true") panel.show();
  desk.pressedBy(code, button);
}

function meaning(event, code, root, desk, panel) {
  const row = chosen();
  if (UP.includes(code)) return {repeats: true, go: () => move(root, -1)};
  if (DOWN.includes(code)) return {repeats: true, go: () => move(root, 1)};
  if (BACK.includes(code)) return {go: () => back(desk)};
  if (ENTER.includes(code)) return enter(event, root, desk, row);
  if (row && DROP.includes(code)) {
    const drop = row.querySelector(".drop");
    return drop && {go: () => desk.pressedBy(code, drop)};
  }
  if (row && code === "KeyW" && row.querySelector(".ask")) return {go: () => desk.pressedBy(code, row.querySelector(".ask"))};
  const undo = UNDO.includes(code) && document.getElementById("more-undo");
  const button = undo || root.querySelector(`[data-code="${code}"], [data-letter="${code}"]`);
  if (button && button.id === "more-name") return {go: () => panel.toggle()};
  if (button) return {go: () => seen(button, code, desk, panel)};
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
  const at = here ? rows.indexOf(here.querySelector(".pick")) : -1; // either way begins at the head
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({block: "nearest"});
}

function typing(node) {
  return node instanceof Element && node.matches("input, select, textarea, [contenteditable]");
}
