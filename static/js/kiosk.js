/* The kiosk: server-made screens, swapped in place so that a lost server never shows a
 * browser's error page. Without this script the same links and forms work as plain pages.
 *
 * A visit ends with "done", with idleness or with the ticket's time; then everything starts
 * afresh, and the history of the visit before can't be walked back into.
 */
import {report} from "./kiosk-device.js";
import {keyboard, searching} from "./kiosk-keys.js";
import {paper} from "./kiosk-paper.js";
import {scanner} from "./kiosk-scan.js";
import {voice} from "./kiosk-voice.js";

const WARNING = 20, PULSE = 15000, RETRY = 3000, PATIENCE = 8000;
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const build = root.dataset.build;

let visit = Math.random();
let touched = 0, ends = 0;       // performance.now(): the last touch; when the ticket screen ends
let cut = null;                  // {since, again}: the server is gone; what to do when it is back
let coming = null;               // the request under way: a newer one takes its place
let pulsed = 0, failed = 0;
let opened = performance.now();
let ticked = opened, warned = false;

const guide = voice({restart, renew: () => go(location.href, {same: true})});
const screen = () => $("kiosk");
const number = (name) => Number(screen().dataset[name]);
const fresh = () => screen().dataset.fresh;

/* Going somewhere ------------------------------------------------------------------------ */

async function load(url, options = {}) {
  coming?.abort();
  const mine = coming = new AbortController();
  const timer = setTimeout(() => mine.abort("late"), PATIENCE);
  root.classList.add("busy");
  guide.wait();
  try {
    const answer = await fetch(url, {...options, signal: mine.signal, credentials: "same-origin"});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("kiosk")) {
      if (answer.ok) { location.assign(answer.url); return null; }
      throw new TypeError("not a screen");
    }
    return {page, url: answer.url, moved: answer.redirected};
  } catch (error) {
    if (mine.signal.aborted && mine.signal.reason !== "late") { return null; }
    throw error;
  } finally {
    clearTimeout(timer);
    if (coming === mine) { coming = null; root.classList.remove("busy"); guide.waited(); }
  }
}

async function go(url, {same = false, keep = false, options} = {}) {
  let found;
  try {
    found = await load(url, options);
  } catch {
    lose(() => go(url, {same, keep, options}));
    return;
  }
  if (!found) { return; }
  if (found.page.documentElement.dataset.build !== build) { location.assign(found.url); return; }
  show(found.page, same);
  if (options && !found.moved) { return; }   // a refused form has no address of its own
  history[same || keep ? "replaceState" : "pushState"]({visit}, "", found.url);
}

function show(page, same) {
  const focused = same && document.activeElement?.id;
  const scrolled = same ? $("main").scrollTop : 0;
  root.lang = page.documentElement.lang;
  root.className = page.documentElement.className;
  document.title = page.title;
  document.body.replaceChildren(...page.body.children);
  scrollTo(0, 0);
  $("main").scrollTop = scrolled;
  ((focused && $(focused)) || document.querySelector("h1"))?.focus({preventScroll: true});
  ready();
  guide.arrive(same);
}

/* What a screen needs once it is there. */
function ready() {
  touched = opened = performance.now();
  if (screen().dataset.screen === "ticket") {
    stay(number("stay"));
    paper({usual: number("stay"), stay: (seconds) => { stay(seconds); tick(); }, tell: (element) => guide.tell(element, element)});
  }
  if (screen().dataset.screen === "search") { searching(load, lose); }
  if (screen().dataset.screen === "check-in") { keyboard(); }
  tick();
}

/* One tap, one ticket: the form carries its key, and nothing is sent twice at once. */
function send(form) {
  if (form.dataset.sent) { return; }
  form.dataset.sent = "1";
  document.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; });
  post(form.action, new URLSearchParams(new FormData(form)));
}

function post(url, body) {
  go(url, {options: {method: "POST", body}});
}

/* A code was read: whoever holds it is served, whatever stood on the screen. */
function scanned(code) {
  if (cut) { return; }
  const url = new URL(screen().dataset.checkIn, location.href);
  url.searchParams.set("code", code);
  if ($("idle").open) { $("idle").close(); }
  touch();
  post(url.pathname, url.searchParams);
}

function restart() {
  visit = Math.random();
  guide.forget();
  go(fresh());
}

/* Time ----------------------------------------------------------------------------------- */

function stay(seconds) {
  ends = performance.now() + seconds * 1000;
  warned = false;
  $("stay").hidden = $("longer").hidden = false;
}

function tick() {
  const now = performance.now(), since = now - ticked;
  ticked = now;
  clock(now);
  if (cut) { return; }
  if (guide.speaking()) { touched += since; ends += since; }   // who listens isn't idle
  const at = screen().dataset.screen;
  if (at === "ticket") { countdown(now); } else if (!untouched()) { idle(now); }
}

const untouched = () => location.pathname + location.search === fresh();

function countdown(now) {
  const left = Math.max(0, ends - now);
  $("stay-left").textContent = String(Math.ceil(left / 1000));
  $("stay-bar").style.transform = `scaleX(${Math.min(1, left / (number("stay") * 1000))})`;
  if (!left) { ends = Infinity; restart(); }
  if (left <= WARNING * 1000 && !warned && !guide.speaking() && root.classList.contains("voice")) {
    warned = true;
    guide.tell($("stay"), $("longer"));
  }
}

function idle(now) {
  const all = number("idle") * 1000, left = touched + all - now, dialog = $("idle");
  if (left <= 0) {
    touched = Infinity;
    restart();
  } else if (left <= Math.min(WARNING * 1000, all / 2)) {
    $("idle-left").textContent = String(Math.ceil(left / 1000));
    if (!dialog.open) { $("help")?.close(); dialog.showModal(); $("idle-stay").focus(); guide.tell(dialog, $("idle-stay")); }
  }
}

function touch() {
  if ($("idle").open || touched === Infinity) { return; }
  touched = performance.now();
}

function clock(now) {
  const shown = $("clock"), since = Math.floor((now - opened) / 60000);
  const minutes = (Number(shown.dataset.minutes) + since) % 1440;
  const two = (n) => String(n).padStart(2, "0");
  const text = two(Math.floor(minutes / 60)) + shown.dataset.mark + two(minutes % 60);
  if (shown.textContent !== text) { shown.textContent = text; }
}

/* The server ----------------------------------------------------------------------------- */

function lose(again) {
  cut = {since: cut ? cut.since : performance.now(), again: again || cut?.again};
  if ($("idle").open) { $("idle").close(); }
  if ($("help")?.open) { $("help").close(); }
  if ($("gone").hidden) { guide.lost(); }
  $("gone").hidden = false;
  screen().inert = true;
}

/* A visit that waited longer than it may idle is over: nobody stands there any more. */
function regain() {
  const {since, again} = cut;
  cut = null;
  $("gone").hidden = true;
  screen().inert = false;
  touched = performance.now();
  ends = Math.max(ends, touched + number("stay") * 1000);
  if (performance.now() - since > number("idle") * 1000) { restart(); } else if (again) { again(); } else { guide.arrive(true); }
}

async function pulse() {
  let now;
  try {
    const answer = await fetch("/kiosk/pulse", {cache: "no-store", signal: AbortSignal.timeout(PATIENCE)});
    if (!answer.ok) { throw new TypeError("no pulse"); }
    now = await answer.text();
  } catch {
    failed += 1;
    if (failed > 1 && !cut) { lose(); }
    return;
  }
  failed = 0;
  if (cut) { regain(); return; }
  const changed = now !== screen().dataset.pulse;
  if (changed && untouched() && !coming) { go(location.href, {same: true}); }
}

function beat() {
  const now = performance.now();
  if (now - pulsed < (cut || failed ? RETRY : PULSE)) { return; }
  pulsed = now;
  pulse();
}

/* Hands ---------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const id = event.target.closest("button")?.id;
  if (id === "longer") { stay(Math.ceil(Math.max(0, ends - performance.now()) / 1000) + number("stay")); tick(); }
  if (id === "idle-stay") { $("idle").close(); touched = performance.now(); guide.arrive(true); }
  if (id === "idle-leave") { $("idle").close(); restart(); }
  if (!link || !link.pathname.startsWith("/kiosk") || link.hash || event.ctrlKey || event.metaKey) { return; }
  event.preventDefault();
  if (link.id === "done") { restart(); } else { go(link.href, {same: "same" in link.dataset}); }
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.method === "post") { send(event.target); } else { $("q")?.blur(); }
});
document.addEventListener("cancel", (event) => {   // Escape in the warning: still here
  if (event.target.id === "idle") { touched = performance.now(); }
}, true);
for (const kind of ["pointerdown", "keydown", "input", "wheel", "scroll"]) {
  addEventListener(kind, touch, {passive: true, capture: true});
}
addEventListener("popstate", (event) => {
  if (event.state?.visit === visit) { go(location.href, {keep: true}); } else { restart(); }
});
addEventListener("contextmenu", (event) => event.preventDefault());

scanner(scanned);
history.replaceState({visit}, "");
setInterval(() => { tick(); beat(); }, 250);
pulsed = performance.now();
ready();
guide.arrive(false);
report({atStart: () => screen().dataset.screen === "start"});
