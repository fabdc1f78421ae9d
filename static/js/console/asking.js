/* A dialog that an act asks in before it is done: the button's form is a GET of the same content
 * that the page without a script would be. */

import {signIn} from "./desk.js";
import {ANSWERED, UNKNOWN} from "./post.js";

export class Asking {
  /* `kind` is the button's; a subclass says what there is to do once it is open, and at a key. */
  constructor(dialog, desk, kind) {
    this.dialog = dialog;
    this.desk = desk;
    desk.root.addEventListener("submit", (event) => {
      if (event.target.method !== "get" || !event.submitter || event.submitter.dataset.kind !== kind) return;
      event.preventDefault();
      if (!desk.flying) this.open(event.target.action);
    });
    dialog.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); this.send(event.target); });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); this.close(); }
    });
    dialog.addEventListener("keydown", (event) => {
      // A search box takes Escape to clear itself: here it always closes.
      if (event.code === "Escape") { event.preventDefault(); this.close(); return; }
      const enter = event.code === "Enter" || event.code === "NumpadEnter";
      if (enter && event.repeat) { event.preventDefault(); return; }
      this.key(event, enter);
    });
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
    this.opened();
    this.chosen();
  }

  close() {
    this.dialog.close();
  }

  button() {
    return this.dialog.querySelector(".foot button");
  }

  async send(form) {
    if (this.desk.flying) return;
    const problem = this.dialog.querySelector(".problem");
    problem.textContent = this.desk.words.pending;
    const answer = await this.desk.run(this.button(), form.action, new FormData(form));
    if (answer.outcome === ANSWERED || answer.code === "stale") { this.close(); return; }
    problem.textContent = answer.outcome === UNKNOWN ? this.desk.words.gaveup : answer.sentence || this.desk.words.gaveup;
  }
}
