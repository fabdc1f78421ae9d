/* The paper's way on the ticket's screen: asked for again while it can change.
 *
 * The number stays until the paper is out. `stay(seconds)` puts the screen's end off, `tell(element)`
 * gives an element its voice.
 */
const EVERY = 1000, PATIENCE = 5000, HELD = 60;

let round = 0;   // a screen that was left is not asked about any more

export function paper({usual, stay, tell}) {
  const mine = ++round;
  let told = "";

  function act(box, first) {
    const state = box.dataset.paper;
    if (state === "coming") { stay(usual); }
    if (state === told) { return; }
    told = state;
    if (state === "held") { stay(Math.max(HELD, usual)); }
    if (state === "printed") { stay(usual); }
    if (state === "own") { setTimeout(() => window.print(), 100); }   // once it has been painted
    if (!first) { tell(box.querySelector(".paper-told")); }
  }

  async function look() {
    const box = document.getElementById("paper");
    if (mine !== round || !box?.dataset.follow) { return; }
    try {
      const answer = await fetch(box.dataset.follow, {cache: "no-store", signal: AbortSignal.timeout(PATIENCE)});
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("paper");
      if (mine !== round || document.getElementById("paper") !== box) { return; }
      if (answer.ok && now) { update(box, now); act(box, false); }
    } catch {
      // The kiosk itself says when the server is gone; here it is only asked again.
    }
    setTimeout(look, EVERY);
  }

  const box = document.getElementById("paper");
  if (box) { act(box, true); setTimeout(look, EVERY); }
}

/* In place: what is said politely must stand in a region that was there before. */
function update(box, now) {
  if (box.dataset.paper === now.dataset.paper && box.textContent === now.textContent) { return; }
  box.dataset.paper = now.dataset.paper;
  if (now.dataset.follow) { box.dataset.follow = now.dataset.follow; } else { delete box.dataset.follow; }
  box.querySelector("[role=status]").replaceChildren(...now.querySelector("[role=status]").childNodes);
}
