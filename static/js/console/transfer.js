/* The dialog that asks where to: type, arrow down, Enter, Enter. */

import {Asking} from "./asking.js";
import {filter} from "./filter.js";

export class Transfer extends Asking {
  constructor(dialog, desk) {
    super(dialog, desk, "transfer");
  }

  opened() {
    this.search = this.dialog.querySelector("[data-filter]");
    filter(this.search, () => this.first());
    this.search.focus();
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

  key(event, enter) {
    if (event.target === this.search && event.code === "ArrowDown") {
      const hit = this.dialog.querySelector("[data-search]:not([hidden]) input");
      if (hit) { event.preventDefault(); hit.checked = true; hit.focus(); this.chosen(); }
    } else if (enter && event.target.matches("input")) {
      event.preventDefault();
      if (this.dialog.querySelector("input[type=radio]:checked")) this.button().focus();
    }
  }
}
