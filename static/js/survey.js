/* The survey at kiosks and tablets: forms are sent and answered in place, so that a lost server
 * never shows a browser's error page; a screen that nobody touches starts afresh; a tablet looks
 * whether its counter has served somebody. Without this script the same forms are plain pages. */
const BEAT = 3000, RETRY = 3000, PATIENCE = 8000, THANKS = 6;
const $ = (id) => document.getElementById(id);
const data = () => document.body.dataset;
let touched = performance.now(), busy = false;

function show(text, url) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.body.dataset.screen || page.documentElement.dataset.build !== document.documentElement.dataset.build) {
    location.assign(url);
    return;
  }
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceWith(page.body);
  scrollTo(0, 0);
  ready();
  (document.querySelector("[role=alert]:not([hidden])") ? $("code") : null)?.focus();
  if (document.activeElement === document.body) { document.querySelector("h1")?.focus({preventScroll: true}); }
}

async function go(url, options = {}) {
  if (busy) { return; }
  busy = true;
  for (;;) {
    try {
      const answer = await fetch(url, {...options, signal: AbortSignal.timeout(PATIENCE)});
      const text = await answer.text();
      busy = false;
      show(text, answer.url);
      return;
    } catch {
      $("cut").hidden = false;
      await new Promise((done) => { setTimeout(done, RETRY); });
    }
  }
}

function ready() {
  touched = performance.now();
  const pad = $("pad");
  if (pad && !("tablet" in data())) { pad.hidden = false; $("go").hidden = true; }
}

function press(key) {
  const field = $("code");
  const digits = field.value.replace(/\D/g, "");
  const now = key === "back" ? digits.slice(0, -1) : (digits + key).slice(0, 8);
  field.value = now.length > 4 ? `${now.slice(0, 4)} ${now.slice(4)}` : now;
}

async function beat() {
  if ("tablet" in data() && data().screen === "start" && !busy && !$("code")?.value) {
    try {
      const answer = await fetch(`${data().start}/pulse`, {cache: "no-store", signal: AbortSignal.timeout(PATIENCE)});
      const offered = answer.ok ? await answer.text() : data().offered;
      $("cut").hidden = true;
      if (offered !== data().offered && data().screen === "start") { go(data().start); }
    } catch { $("cut").hidden = false; }
  }
}

/* Nobody answers any more: the next one must not find these answers. */
function tick() {
  const idle = (performance.now() - touched) / 1000, {screen, home, start} = data();
  if (busy) { return; }
  if (screen === "thanks" && idle > THANKS) { leave(home); }
  if (screen === "step" && idle > Number(data().idle)) { leave(start); }
  if (screen === "start" && home !== start && idle > Number(data().idle)) { leave(home); }
}

function leave(url) {
  touched = performance.now();
  if (url.startsWith(data().start)) { go(url); } else { location.assign(url); }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  const pressed = event.submitter;
  if (pressed?.name) { body.append(pressed.name, pressed.value); }
  go(event.target.action, {method: "POST", body});
});
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (key) { press(key); }
});
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => { touched = performance.now(); }, {passive: true, capture: true});
}
setInterval(beat, BEAT);
setInterval(tick, 500);
ready();
