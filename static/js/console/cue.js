/* A soft sound when somebody comes while nobody did: can be muted, and remembers it. */

const KEPT = "antrean.cue";

export class Cue {
  constructor(button) {
    this.button = button;
    this.context = null;
    button.hidden = false;
    this.show(kept() !== "off");
    button.addEventListener("click", () => {
      this.show(!this.on);
      keep(this.on ? "on" : "off");
      if (this.on) this.ring();
    });
    // Browsers let a page sound only after the person has used it once.
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => this.wake(), {once: true});
  }

  show(on) {
    this.on = on;
    this.button.setAttribute("aria-pressed", String(on));
  }

  wake() {
    if (!this.context && window.AudioContext) this.context = new AudioContext();
  }

  ring() {
    if (!this.on || !this.context) return;
    [660, 880].forEach((pitch, index) => this.note(pitch, this.context.currentTime + index * 0.16));
  }

  /* An emergency is heard whatever was muted: urgent, and only for as long as it takes to look up. */
  alarm() {
    if (!this.context) return;
    for (let index = 0; index < 8; index += 1) this.note(index % 2 ? 740 : 988, this.context.currentTime + index * 0.25, 0.4);
  }

  note(pitch, at, loud = 0.12) {
    const tone = this.context.createOscillator(), volume = this.context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(loud, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}

/* Storage may be forbidden: then the choice lasts as long as the page. */
function kept() {
  try { return localStorage.getItem(KEPT); } catch { return null; }
}

function keep(value) {
  try { localStorage.setItem(KEPT, value); } catch { /* as above */ }
}
