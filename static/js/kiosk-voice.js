/* Spoken guidance: the kiosk for somebody who doesn't see it. Every element that can be reached
 * says what it is (`data-say`: addresses of sounds, one after the other); the arrow keys go
 * through them in the order of the page, in a ring, and Enter chooses.
 *
 * Only what the server has put on the page is ever said. Speed and loudness last for a visit.
 */
const KEYS = {
  ArrowDown: "next", ArrowRight: "next", Numpad2: "next", Numpad6: "next",
  ArrowUp: "previous", ArrowLeft: "previous", Numpad8: "previous", Numpad4: "previous",
  Enter: "select", NumpadEnter: "select", Numpad5: "select", Space: "select",
  Backspace: "back", Escape: "back", Numpad0: "back", BrowserBack: "back",
  F1: "help", F2: "help", NumpadMultiply: "help", Help: "help",
  Numpad1: "repeat", NumpadDecimal: "repeat",
  NumpadAdd: "louder", NumpadSubtract: "softer", Numpad9: "faster", Numpad7: "slower",
};
const SPEEDS = [0.75, 0.9, 1, 1.2, 1.45, 1.75], VOLUMES = [0.25, 0.4, 0.6, 0.8, 1];
const LOADING = 8000, LONGEST = 20000;    // ms: for a sound to come; one of unknown length
const PAST = 2000;                        // ms past its own length
const KEPT = 48;                          // sounds held ready
const SLOW = 1500;                        // ms of silence before "please wait"
const REACHED = "a[href], button, input:not([type=hidden]), [tabindex='0']";
const $ = (id) => document.getElementById(id);

/* hooks.restart(): the visit is over. hooks.renew(): fetch this screen again. */
export function voice(hooks) {
  const sounds = new Map();
  let speed = 2, volume = 2, saying = 0, moving = false, renewed = false, gone = null;
  let waiting = 0, cut = null;

  const root = document.documentElement.classList;
  const on = () => root.contains("voice");
  const phrases = (element) => element?.dataset.say?.split(" ").filter(Boolean) || [];

  /* Sound ------------------------------------------------------------------------------- */

  function sound(url) {
    const found = sounds.get(url) || new Audio(url);
    sounds.delete(url);
    sounds.set(url, found);
    found.preload = "auto";
    if (sounds.size > KEPT) { sounds.delete(sounds.keys().next().value); }
    return found;
  }

  async function say(urls, held = null) {
    const mine = ++saying;
    hush();
    root.add("speaking");
    for (const url of urls) {
      const outcome = await play(held || sound(url));
      if (mine !== saying) { return; }
      if (outcome === "failed") { sounds.delete(url); miss(); }
      if (outcome !== "ended") { break; }
      renewed = false;
    }
    root.remove("speaking");
    warm();
  }

  function hush() { cut?.(); }

  /* One sound: "ended", "failed", "refused" by the browser, or "cut" by another. */
  function play(audio) {
    return new Promise((done) => {
      let guard = setTimeout(() => finish("failed"), LOADING);
      function finish(outcome) {
        clearTimeout(guard);
        audio.onended = audio.onerror = audio.onplaying = cut = null;
        audio.pause();
        done(outcome);
      }
      cut = () => finish("cut");
      audio.onended = () => finish("ended");
      audio.onerror = () => finish("failed");
      audio.onplaying = () => {
        clearTimeout(guard);
        const length = isFinite(audio.duration) ? audio.duration * 1000 / audio.playbackRate : LONGEST;
        guard = setTimeout(() => finish("ended"), length + PAST);
      };
      audio.currentTime = 0;
      audio.volume = VOLUMES[volume];
      audio.playbackRate = SPEEDS[speed];
      audio.play().catch((error) => {
        if (error.name !== "AbortError") { finish(error.name === "NotAllowedError" ? "refused" : "failed"); }
      });
    });
  }

  /* A server that has started anew doesn't know the page's phrases: the page names them again. */
  function miss() {
    if (renewed) { return; }
    renewed = true;
    hooks.renew();
  }

  /* What will probably be wanted next is loaded while the person listens. */
  function warm() {
    const at = ring().indexOf(document.activeElement);
    const near = [ring()[at + 1], ring()[at - 1], $("voice-wait"), $("voice-chosen")];
    near.flatMap(phrases).forEach(sound);
  }

  /* That the server is gone must be said without it. */
  function hold() {
    const [lost] = phrases($("gone"));
    if (!lost || gone?.src.endsWith(lost)) { return; }
    gone = new Audio(lost);
    gone.preload = "auto";
  }

  /* The ring ---------------------------------------------------------------------------- */

  function ring() {
    const within = document.querySelector("dialog[open]") || $("kiosk");
    return [...within.querySelectorAll(REACHED)].filter((one) => one.dataset.say
      && !one.disabled && !one.matches(".skip") && one.getClientRects().length);
  }

  function move(step) {
    const all = ring(), at = all.indexOf(document.activeElement);
    if (!all.length) { return; }
    reach(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
  }

  function reach(element, ...before) {
    moving = true;
    element?.focus();
    moving = false;
    say([...before.flatMap(phrases), ...words(element)]);
  }

  function words(element) {
    const chosen = element?.type === "radio" && element.checked;
    return [...phrases(element), ...(chosen ? phrases($("voice-chosen")) : [])];
  }

  function repeat() {
    const here = document.activeElement;
    const about = document.querySelector("dialog[open]") || document.querySelector("h1");
    say([...phrases(about), ...words(ring().includes(here) ? here : null)]);
  }

  function select() {
    const here = document.activeElement;
    if (!ring().includes(here)) { move(1); return; }
    if (here.type === "radio") { here.checked = true; say(words(here)); return; }
    if (here.tagName === "INPUT" && here.value) { here.form.requestSubmit(); return; }
    if (here.matches("a, button")) { here.click(); } else { say(words(here)); }
  }

  function back() {
    const open = document.querySelector("dialog[open]");
    if (open) { (open.querySelector("#help-close, #idle-stay"))?.click(); return; }
    if ($("back")) { $("back").click(); } else { say(phrases($("voice-first"))); }
  }

  /* A keypad's keys --------------------------------------------------------------------- */

  function louder(step) {
    volume = Math.min(VOLUMES.length - 1, Math.max(0, volume + step));
    repeatItem();
  }

  function faster(step) {
    speed = Math.min(SPEEDS.length - 1, Math.max(0, speed + step));
    repeatItem();
  }

  const repeatItem = () => say(words(document.activeElement));

  function help() {
    const dialog = $("help");
    if (!dialog || document.querySelector("dialog[open]")) { repeat(); return; }
    dialog.showModal();
    reach(ring()[0], dialog);
  }

  function closeHelp() {
    $("help").close();
    arrive(true);
  }

  const ACTS = {
    next: () => move(1), previous: () => move(-1), select, back, help, repeat,
    louder: () => louder(1), softer: () => louder(-1), faster: () => faster(1), slower: () => faster(-1),
    plugged: repeat, unplugged: () => { hush(); hooks.restart(); },
  };
  const BUTTONS = {
    "help-open": help, "help-close": closeHelp, "say-again": repeat, "number-again": repeatItem,
    slower: ACTS.slower, faster: ACTS.faster, softer: ACTS.softer, louder: ACTS.louder,
  };

  /* What a key means here; a field keeps its letters, digits and deletions. */
  function meaning(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) { return null; }
    const own = JSON.parse($("kiosk").dataset.keys || "{}");
    const act = Object.keys(own).find((name) => own[name].includes(event.code))
      || (event.key === "*" ? "help" : KEYS[event.code]);
    const field = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (field && (event.code === "Space" || (act === "back" && event.target.value && event.code === "Backspace"))) { return null; }
    return act || null;
  }

  addEventListener("keydown", (event) => {
    const act = meaning(event);
    if (!act || !$("gone").hidden) { return; }
    if (!on()) {
      if ((act === "help" || act === "plugged") && $("voice")) { event.preventDefault(); $("voice").click(); }
      return;
    }
    event.preventDefault();
    if (!event.repeat || act === "next" || act === "previous") { ACTS[act](); }
  });
  document.addEventListener("focusin", (event) => {   // by Tab, or by a helper's touch
    if (on() && !moving && ring().includes(event.target)) { say(words(event.target)); }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button"), act = BUTTONS[button?.id];
    if (!on() || !button) { return; }
    if (act) { act(); } else if (button.closest("#board")) { say(phrases(button)); }
  });
  document.addEventListener("cancel", (event) => {
    if (event.target.id === "help") { event.preventDefault(); closeHelp(); }
  }, true);
  document.addEventListener("input", (event) => {     // what was typed is said sign by sign
    const sign = on() && event.data?.toLowerCase();
    if (sign) { say(phrases(document.querySelector(`[data-key="${CSS.escape(sign)}"]`))); }
  });

  /* A screen has come: its title, what to do, and where one stands. */
  function arrive(same) {
    if (!on()) { saying += 1; hush(); return; }
    hold();
    const all = ring(), here = document.activeElement;
    reach(same && all.includes(here) ? here : all[0], document.querySelector("h1"));
  }

  return {
    arrive,
    speaking: () => on() && root.contains("speaking"),
    tell: (element, item) => { if (on()) { reach(item, element); } },
    lost: () => { if (on() && gone) { say([gone.src], gone); } },
    wait: () => { clearTimeout(waiting); waiting = setTimeout(() => { if (on()) { say(phrases($("voice-wait"))); } }, SLOW); },
    waited: () => clearTimeout(waiting),
    forget: () => { speed = volume = 2; },
  };
}
