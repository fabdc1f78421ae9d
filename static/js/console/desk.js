/* What a press does. Every button is a form that would work alone; here its submission becomes
 * one act with a lock, a guard against bounces and, where it asks for one, a second press. */

import {ANSWERED, UNKNOWN, post} from "./post.js";

const BOUNCE = 400;   // ms within which the same key or button again is a double press
const ARMED = 5000;   // ms for which a first press waits for the second
const REACTION = 350; // ms: a press so soon after a change was meant for what stood there before
const FRAME = 400;    // ms that the live frame of an answered act may take

export class Desk {
  /* `refresh()` fetches the newest state; `version()` is the one that is shown. */
  constructor(root, {refresh, version}) {
    this.root = root;
    this.refresh = refresh;
    this.version = version;
    this.words = document.getElementById("words").dataset;
    this.flying = null;
    this.armed = null;
    this.key = "";
    this.pressed = {by: "", at: -Infinity};
    this.waiters = [];
    this.turned = -Infinity;
    this.meaning = this.primary();
    document.getElementById("stop").addEventListener("click", () => this.stop());
    root.addEventListener("submit", (event) => this.submitted(event));
    root.addEventListener("click", (event) => this.clicked(event));
  }

  say(sentence, tone) {
    const node = document.getElementById("say");
    node.textContent = sentence || "";
    node.dataset.tone = sentence ? tone || "plain" : "";
  }

  clicked(event) {
    const button = event.target.closest("button[aria-disabled='true']");
    if (!button) return;
    event.preventDefault();
    this.cannot(button);
  }

  /* Why nothing happens: a dead key is a riddle. */
  cannot(button) {
    const label = button.querySelector(".label");
    this.disarm();
    if (!this.flying && label) this.say(button.dataset.why || `${label.textContent.trim().replace("…", "")} ${this.words.off}`);
  }

  submitted(event) {
    const form = event.target;
    const button = event.submitter || form.querySelector("button");
    if (form.method === "get" || !button.dataset.kind) return;
    event.preventDefault();
    this.press(button);
  }

  /* A key's press of a button: the key is what may bounce, whatever button it meets. */
  pressedBy(code, button) {
    if (button.getAttribute("aria-disabled") === "true") { this.cannot(button); return; }
    this.key = code;
    button.form.requestSubmit(button);
    this.key = "";
  }

  press(button) {
    const now = performance.now();
    const by = this.key || button.id;
    const bounced = this.pressed.by === by && now - this.pressed.at < BOUNCE;
    const surprised = button.id === "primary" && now - this.turned < REACTION;
    if (bounced || surprised || button.getAttribute("aria-disabled") === "true") return;
    if (this.flying) { this.keep(button); return; }
    this.pressed = {by, at: now};
    if (button.dataset.sure && !this.confirmed(button)) return;
    this.disarm();
    this.run(button, button.getAttribute("formaction") || button.form.action, fieldsOf(button));
  }

  /* The frame may come before the answer: a press on what it shows waits for that answer. One
     on what stood there before is no wish for what comes after, and is dropped: false. */
  keep(button) {
    const newer = this.version() > this.flying.version;
    if (newer) this.flying.next = {id: button.id, about: about(button), by: this.key};
    return newer;
  }

  takeUp(next) {
    const button = next && document.getElementById(next.id);
    if (!button || about(button) !== next.about) return;
    this.key = next.by;
    button.form.requestSubmit(button);
    this.key = "";
  }

  confirmed(button) {
    if (this.armed && this.armed.about === about(button)) return true;
    this.disarm();
    this.armed = {id: button.id, about: about(button), timer: setTimeout(() => this.disarm(), ARMED)};
    this.say(arm(button), "warn");
    return false;
  }

  disarm() {
    if (!this.armed) return false;
    clearTimeout(this.armed.timer);
    const button = document.getElementById(this.armed.id);
    if (button) unarm(button);
    this.armed = null;
    if (!this.flying) this.say("");
    return true;
  }

  async run(button, address, fields) {
    const stop = new AbortController();
    const flight = this.flying = {id: button.id, stop, version: this.version(), next: null, over() {}};
    this.mark();
    const slow = setTimeout(() => this.say(this.words.pending), 300);
    const answer = await post(address, fields, stop.signal, (sentence) => this.unsure(sentence));
    clearTimeout(slow);
    if (this.flying !== flight) return answer;
    await this.settle(answer);
    this.flying = null;
    this.mark();
    if (answer.outcome === ANSWERED) this.takeUp(flight.next);
    flight.over();
    return answer;
  }

  unsure(sentence) {
    this.say(sentence || this.words.unknown, "warn");
    document.getElementById("stop").hidden = false;
    this.refresh();
  }

  /* The lock is kept until what the act led to is on the screen: the next press is about that. */
  async settle(answer) {
    document.getElementById("stop").hidden = true;
    if (answer.status === 401) { signIn(); return; }
    if (answer.outcome === ANSWERED) {
      this.say("");
      await this.reached(answer.version);
      if (this.version() < answer.version) await this.refresh();
      return;
    }
    await this.refresh();
    this.say(answer.outcome === UNKNOWN ? this.words.gaveup : answer.sentence || this.words.gaveup, "bad");
  }

  reached(version) {
    if (this.version() >= version) return Promise.resolve();
    return new Promise((done) => {
      this.waiters.push({version, done});
      setTimeout(done, FRAME);
    });
  }

  /* After every swap: nodes are new, so marks are set again; a second press must still be about
     the same ticket. */
  swapped() {
    const version = this.version();
    const meaning = this.primary();
    if (meaning !== this.meaning && !this.flying) this.turned = performance.now();
    this.meaning = meaning;
    this.waiters = this.waiters.filter((w) => !(version >= w.version && (w.done(), true)));
    this.mark();
    if (!this.armed) return;
    const button = document.getElementById(this.armed.id);
    if (!button || about(button) !== this.armed.about || button.getAttribute("aria-disabled")) this.disarm();
    else arm(button);
  }

  primary() {
    const button = document.getElementById("primary");
    return button ? button.dataset.does : "";
  }

  mark() {
    this.root.toggleAttribute("data-busy", Boolean(this.flying));
    for (const node of this.root.querySelectorAll("[data-pending]")) node.removeAttribute("data-pending");
    const button = this.flying && document.getElementById(this.flying.id);
    if (button) button.dataset.pending = "true";
  }

  /* Give up waiting: also when the page comes back from the browser's memory. */
  stop() {
    if (this.flying) this.flying.stop.abort();
  }
}

/* What a press would do: the second one must be about the same. */
function about(button) {
  return `${button.id} ${button.form.action} ${new URLSearchParams(fieldsOf(button))}`;
}

function fieldsOf(button) {
  const fields = new FormData(button.form);
  if (button.name) fields.set(button.name, button.value);
  fields.delete("nonce");
  return fields;
}

function arm(button) {
  const number = button.dataset.number || (button.closest(".row") || button).querySelector(".number");
  const said = `${button.dataset.sure} ${(number && number.textContent) || number || ""}`.trim();
  if (!button.querySelector(".sure")) button.append(Object.assign(document.createElement("span"), {className: "sure", textContent: said}));
  button.dataset.armed = "true";
  return said;
}

function unarm(button) {
  const sure = button.querySelector(".sure");
  if (sure) sure.remove();
  delete button.dataset.armed;
}

export function signIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(document.querySelector("[data-here]").dataset.here)}`);
}
