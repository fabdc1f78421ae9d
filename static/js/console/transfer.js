/* The dialog that asks where to: type, arrow down, Enter, Enter. */

import {signIn} from "./desk.js";
import {filter} from "./filter.js";
import {ANSWERED, UNKNOWN} from "./post.js";

export class Transfer {
  constructor(dialog, desk) {
    this.dialog = dialog;
    this.desk = desk;
    desk.root.addEventListener("submit", (event) => {
      if (event.target.method !== "get" || !event.submitter || event.submitter.dataset.kind !== "transfer") return;
      event.preventDefault();
      if (!desk.flying) this.open(event.target.action);
    });
    dialog.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); this.send(event.target); });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); this.close(); }
    });
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("change", () => this.chosen());
  }

  async open(address) {
    this.desk.disarm();
    try {
      const response = await fetch(`${address}?part=1&lang=${document.documentElement.lang}`, {
        cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(4000), headers: {Accept: "application/problem+json"},
      });
      if (response.status === 401 || response.type === "opaqueredirect") { signIn(); return; }
      if (!response.ok) throw new Error(String(response.status));
      this.dialog.innerHTML = await response.text();
    } catch {
      this.desk.say(this.desk.words.gaveup, "bad");
      this.desk.refresh();
      return;
    }
    this.dialog.showModal();
    this.search = this.dialog.querySelector("[data-filter]");
    filter(this.search, () => this.first());
    this.search.focus();
    this.chosen();
  }

  close() {
    this.dialog.close();
  }

  /* What is typed chooses its first hit, so that Enter twice is enough. */
  first() {
    for (const radio of this.dialog.querySelectorAll("input[type=radio]")) radio.checked = false;
    const hit = this.search.value && this.dialog.querySelector("[data-search]:not([hidden]) input");
    if (hit) hit.checked = true;
    this.chosen();
  }

  chosen() {
    const radio = this.dialog.querySelector("input[type=radio]:checked");
    const name = radio ? radio.closest("label").querySelector(".name").textContent : "";
    this.dialog.querySelector(".chosen").textContent = name && `→ ${name}`;
  }

  key(event) {
    // A search box takes Escape to clear itself: here it always closes.
    if (event.code === "Escape") { event.preventDefault(); this.close(); return; }
    const enter = event.code === "Enter" || event.code === "NumpadEnter";
    if (enter && event.repeat) { event.preventDefault(); return; }
    if (event.target === this.search && event.code === "ArrowDown") {
      const hit = this.dialog.querySelector("[data-search]:not([hidden]) input");
      if (hit) { event.preventDefault(); hit.checked = true; hit.focus(); this.chosen(); }
    } else if (enter && event.target.matches("input")) {
      event.preventDefault();
      if (this.dialog.querySelector("input[type=radio]:checked")) this.dialog.querySelector("#act-send").focus();
    }
  }

  async send(form) {
    if (this.desk.flying) return;
    const fields = new FormData(form);
    const problem = this.dialog.querySelector(".problem");
    problem.textContent = this.desk.words.pending;
    const answer = await this.desk.run(form.querySelector("#act-send"), form.action, fields);
    if (answer.outcome === ANSWERED || answer.code === "stale") { this.close(); return; }
    problem.textContent = answer.outcome === UNKNOWN ? this.desk.words.gaveup : answer.sentence || this.desk.words.gaveup;
  }
}
