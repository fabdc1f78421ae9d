/* The dialog that an act asks in before it is done: the button's form is a GET of the same content
 * that the page without a script would be. What the content is marked with says how keys work in
 * it: [data-filter] is a search, [data-key] a choice with its key, [data-sends] choices that are
 * sent as soon as they are made, [data-steps] choices that + and − walk through. */

import {filter} from "./filter.js";
import {ANSWERED, UNKNOWN} from "./post.js";
import {signIn} from "./desk.js";

const STEP = {NumpadAdd: 1, Equal: 1, NumpadSubtract: -1, Minus: -1};

export class Asking {
  constructor(dialog, desk) {
    this.dialog = dialog;
    this.desk = desk;
    this.coming = null;    // keys pressed while a form is on its way
    this.loading = false;
    desk.root.addEventListener("submit", (event) => this.asked(event));
    document.querySelector(".helps").addEventListener("submit", (event) => this.asked(event));
    dialog.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); this.send(event.target); });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); this.close(); }
    });
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("change", () => this.chosen());
  }

  asked(event) {
    const form = event.target;
    if (form.method !== "get" || !event.submitter || form === this.form()) return;
    event.preventDefault();
    if (event.submitter.getAttribute("aria-disabled") === "true") return;
    if (this.desk.flying) { this.wait(event.submitter); return; }
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    this.open(form.action, fields);
  }

  /* The act before is not answered yet, but shown: the form comes after it. */
  wait(button) {
    if (!this.desk.keep(button)) return;
    this.coming = [];
    this.desk.flying.over = () => { if (!this.loading) this.coming = null; };
  }

  /* What is pressed while the form is on its way is meant for it: it waits, and is played then. */
  keep(event) {
    if (!this.coming) return false;
    event.preventDefault();
    if (!event.repeat) this.coming.push({code: event.code, key: event.key});
    return true;
  }

  play(keys) {
    for (const {code, key} of keys) {
      const focused = document.activeElement;
      if (!this.dialog.open) return;
      const went = focused.dispatchEvent(new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}));
      if (went && key === "Enter" && focused.matches("a, button")) focused.click();
      if (!went || key.length !== 1 || !focused.matches("textarea, input[type=search], input[type=number]")) continue;
      write(focused, key);
    }
  }

  async open(address, fields) {
    const coming = this.coming = this.coming || [];
    this.loading = true;
    const there = await this.load(address, fields);
    this.loading = false;
    this.coming = null;
    if (there) this.play(coming);
  }

  async load(address, fields) {
    this.desk.disarm();
    fields.set("part", "1");
    fields.set("lang", document.documentElement.lang);
    try {
      const response = await fetch(`${address}?${fields}`, {
        cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(4000), headers: {Accept: "application/problem+json"},
      });
      if (response.status === 401 || response.type === "opaqueredirect") { signIn(); return false; }
      if (!response.ok) throw new Error(String(response.status));
      this.dialog.innerHTML = await response.text();
    } catch {
      this.desk.say(this.desk.words.gaveup, "bad");
      this.desk.refresh();
      return false;
    }
    if (!this.dialog.open) this.dialog.showModal();
    this.opened();
    return true;
  }

  opened() {
    this.search = this.find("[data-filter]");
    if (this.search) filter(this.search, () => this.first());
    const first = this.search || this.find("textarea") || this.find("[data-first]") || this.find(".amounts input");
    if (first) first.focus();
    if (first && first.matches("input[type=number]")) first.select();
    this.chosen();
  }

  /* Emptied at once: until the next picture is drawn the focus would stay in it, and with it the
     next key. */
  close() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.dialog.textContent = "";
  }

  find(selector) { return this.dialog.querySelector(selector); }
  form() { return this.find("form"); }
  button() { return this.find(".foot button"); }

  /* What is typed chooses its first hit, so that Enter twice is enough. */
  first() {
    for (const radio of this.dialog.querySelectorAll("input[type=radio]")) radio.checked = false;
    const hit = this.search.value && this.find("[data-search]:not([hidden]) input");
    if (hit) hit.checked = true;
    this.chosen();
  }

  /* The button says what it would send. */
  chosen() {
    const node = this.find(".foot .chosen");
    if (!node) return;
    const radio = this.find("[data-search] input:checked");
    const ticked = this.dialog.querySelectorAll("#missing input[type=checkbox]:checked").length;
    node.textContent = radio ? `→ ${radio.closest("label").querySelector(".name").textContent}` : ticked ? `(${ticked})` : "";
  }

  key(event) {
    // What closes the dialog is no key of the page behind it.
    event.stopPropagation();
    // A search box takes Escape to clear itself: here it always closes.
    if (event.code === "Escape") { event.preventDefault(); this.close(); return; }
    const enter = event.code === "Enter" || event.code === "NumpadEnter";
    if (enter && event.repeat) { event.preventDefault(); return; }
    if (event.altKey || event.metaKey || (event.ctrlKey && !enter)) return;
    if (enter) this.enter(event);
    else if (this.search && event.target === this.search && event.code === "ArrowDown") this.down(event);
    else if (event.target.matches("textarea")) return;
    else if (event.target.matches("input[type=number]")) this.count(event);
    else this.choose(event);
  }

  enter(event) {
    if (event.target.matches("a, button")) return;
    if (event.target.matches("textarea") && event.shiftKey) return;
    event.preventDefault();
    if (!this.button()) { this.close(); return; }
    // After a search, Enter first goes to the button that names what was found.
    if (this.search && !event.target.matches("input[type=checkbox]")) { if (this.find("[data-search] input:checked")) this.button().focus(); return; }
    this.form().requestSubmit(this.button());
  }

  down(event) {
    const hit = this.find("[data-search]:not([hidden]) input");
    if (!hit) return;
    event.preventDefault();
    hit.checked = true;
    hit.focus();
    this.chosen();
  }

  /* Among quantities, + and − count, up and down go on. */
  count(event) {
    const all = Array.from(this.dialog.querySelectorAll(".amounts input")), at = all.indexOf(event.target);
    const way = {ArrowDown: 1, ArrowUp: -1}[event.code];
    const step = STEP[event.code];
    if (!way && !step) return;
    event.preventDefault();
    if (step > 0) event.target.stepUp();
    else if (step) event.target.stepDown();
    else if (all[at + way]) { all[at + way].focus(); all[at + way].select(); }
  }

  choose(event) {
    const digit = /^(?:Numpad|Digit)(\d)$/.exec(event.code);
    const key = digit && !event.target.matches("[data-filter]") ? digit[1] : event.key;
    const box = this.find(`[data-key="${CSS.escape(key)}"]`);
    if (box) { event.preventDefault(); if (!event.repeat) this.tick(box); return; }
    const walk = this.find("[data-steps]"), step = STEP[event.code], amounts = this.dialog.querySelectorAll(".places .amounts input");
    if (!step || !(walk || amounts.length === 1)) return;
    event.preventDefault();
    if (walk) this.walk(walk, step);
    else if (step > 0) amounts[0].stepUp();
    else amounts[0].stepDown();
  }

  tick(box) {
    box.checked = box.type === "radio" || !box.checked;
    if (!this.search) box.focus();
    this.chosen();
    if (box.closest("[data-sends]")) this.form().requestSubmit(this.button());
  }

  walk(list, step) {
    const all = Array.from(list.querySelectorAll("input")), at = all.findIndex((one) => one.checked);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.checked = true;
    next.scrollIntoView({block: "nearest"});
    this.chosen();
  }

  async send(form) {
    if (this.desk.flying) return;
    const problem = this.find(".problem");
    problem.textContent = this.desk.words.pending;
    const answer = await this.desk.run(this.button(), form.action, new FormData(form));
    if (answer.outcome === ANSWERED || answer.code === "stale") { this.close(); return; }
    problem.textContent = answer.outcome === UNKNOWN ? this.desk.words.gaveup : answer.sentence || this.desk.words.gaveup;
  }
}

/* A character as if it were typed: over a selection, or at the end. */
function write(field, character) {
  if (field.type !== "number") field.setRangeText(character, field.selectionStart, field.selectionEnd, "end");
  else if (/\d/.test(character)) field.value = character;
  field.dispatchEvent(new Event("input", {bubbles: true}));
}
