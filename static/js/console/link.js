/* The page's connection: live frames, and while there are none, a look every few seconds. */

import {learn} from "./clock.js";
import {signIn} from "./desk.js";
import {facts, swap} from "./swap.js";

const POLL = 5000;     // ms between looks while the live feed is cut
const LOOK = 4000;     // ms that one look may take

export class Link {
  /* `changed(before, now)` is called after each swap with the facts of both. */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.words = document.getElementById("words").dataset;
    this.online = true;
    this.epoch = "";
    this.looking = null;
    learn(facts(root).now);
  }

  start() {
    window.Antrean.live({
      topics: [this.root.dataset.topic], as: "html", build: this.root.dataset.build,
      language: this.root.dataset.language,
      onState: (frame) => this.frame(frame),
      onStatus: (status) => this.status(status),
    });
  }

  frame(frame) {
    // Another epoch is another journal: its versions say nothing about the ones shown.
    const force = Boolean(this.epoch) && this.epoch !== frame.epoch;
    this.epoch = frame.epoch;
    this.show(frame.html, force);
  }

  show(html, force) {
    const before = facts(this.root);
    if (!swap(this.root, html, force)) return;
    const now = facts(this.root);
    learn(now.now);
    this.changed(before, now);
  }

  version() { return facts(this.root).version; }

  /* Fetches the newest state; one look at a time. Resolves when it is shown, or has failed. */
  refresh() {
    if (!this.looking) this.looking = this.look().finally(() => { this.looking = null; });
    return this.looking;
  }

  async look() {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LOOK);
    try {
      const response = await fetch(`${this.root.dataset.here}?part=1&lang=${this.root.dataset.language}`, {
        signal: limit.signal, cache: "no-store", redirect: "manual", headers: {Accept: "application/problem+json"},
      });
      if (response.status === 401 || response.type === "opaqueredirect") { signIn(); return false; }
      if (response.status === 403) { location.assign(this.root.dataset.here); return false; }
      if (!response.ok) return false;
      this.show(await response.text());
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  status({online, since}) {
    clearInterval(this.poll);
    this.online = online;
    const node = document.getElementById("link");
    if (online) { node.textContent = ""; node.dataset.cut = ""; return; }
    const at = new Date(since).toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit", second: "2-digit"});
    const watch = async () => {
      const reached = await this.refresh();
      if (this.online) return;
      const what = reached ? this.words.polling : `${this.words.cut} ${at}. ${this.words.cutActs}`;
      if (node.textContent !== what) node.textContent = what;
      node.dataset.cut = reached ? "half" : "full";
    };
    watch();
    this.poll = setInterval(watch, POLL);
  }
}
