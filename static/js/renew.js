/* A page about devices stays true without a reload: its parts are fetched and put in place. What a
 * person is typing, and where the focus is, stays. Without this script the page is as it was made. */
const EVERY = 3000;
const from = document.querySelector("[data-from]")?.dataset.from;

async function renew() {
  if (document.hidden) { return; }
  const answer = await fetch(from, {headers: {accept: "text/html"}, cache: "no-store"});
  if (!answer.ok || answer.redirected) { return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) { put(part, fresh); }
  }
}

/* A form's key is new in every answer: that alone is no change. */
const bare = (part) => part.innerHTML.replace(/value="[^"]*" data-nonce/g, "");

function put(part, fresh) {
  if (bare(part) === bare(fresh)) { return; }
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(...fresh.childNodes);
  if (focused) { document.getElementById(focused)?.focus({preventScroll: true}); }
}

async function loop() {
  try { await renew(); } catch { /* the server is away: asked again */ }
  setTimeout(loop, EVERY);
}

if (from) { setTimeout(loop, EVERY); }
