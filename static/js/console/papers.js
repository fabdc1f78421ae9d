/* The dialog that asks what is missing: a digit ticks the paper with that number, Enter sends. */

import {Asking} from "./asking.js";

export class Papers extends Asking {
  constructor(dialog, desk) {
    super(dialog, desk, "defer");
  }

  opened() {
    this.dialog.querySelector("#missing").focus();
  }

  chosen() {
    const count = this.dialog.querySelectorAll("input[type=checkbox]:checked").length;
    this.dialog.querySelector(".chosen").textContent = count ? `(${count})` : "";
  }

  key(event, enter) {
    const digit = /^(?:Numpad|Digit)([1-9])$/.exec(event.code);
    if (enter) {
      if (event.target.matches("a, button")) return;
      event.preventDefault();
      this.dialog.querySelector("form").requestSubmit(this.button());
      return;
    }
    const box = digit && this.dialog.querySelector(`[data-key="${digit[1]}"]`);
    if (!box) return;
    event.preventDefault();
    if (event.repeat) return;
    box.checked = !box.checked;
    box.focus();
    this.chosen();
  }
}
