/* The panel of the second level: a <details> that a key opens, and whose acts a key each does. */

const DIGIT = /^(?:Numpad|Digit)(\d)$/;
const SIGNS = {NumpadAdd: "+", Equal: "+", NumpadSubtract: "−", Minus: "−", NumpadDivide: "/", Slash: "/", NumpadDecimal: ".", Period: ".", NumpadComma: "."};

export class Panel {
  constructor(desk) {
    this.desk = desk;
    // A press on anything in it closes it, as one elsewhere does; but a first press of two.
    document.addEventListener("click", (event) => {
      const inside = event.target.closest(".panel button");
      if (!inside && event.target.closest("#more")) return;
      const stays = inside && (inside.getAttribute("aria-disabled") === "true" || (inside.dataset.sure && !inside.dataset.armed));
      if (!stays) this.close();
    });
  }

  get node() { return document.getElementById("more"); }
  get open() { return Boolean(this.node && this.node.open); }

  show() {
    this.node.open = true;
    document.getElementById("more-name").focus();
  }

  toggle() {
    this.desk.disarm();
    if (!this.close()) this.show();
  }

  close() {
    if (!this.open) return false;
    const inside = this.node.contains(document.activeElement);
    this.node.open = false;
    if (inside) document.activeElement.blur();
    return true;
  }

  /* The act of a key, while the panel is open. */
  act(code) {
    const digit = DIGIT.exec(code), key = digit ? digit[1] : SIGNS[code];
    return key && this.open ? this.node.querySelector(`[data-panel="${key}"]`) : null;
  }

  move(step) {
    const all = [document.getElementById("more-name"), ...this.node.querySelectorAll(".panel button")];
    const at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length].focus();
  }
}
