/* Looks for news of an application once a minute while somebody looks at the page. Without this
 * the page says when it was made, and a reload does the same. */

const EVERY = 60000; // ms
const here = document.getElementById("application");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${location.pathname}?part=1&lang=${document.documentElement.lang}`, {cache: "no-store"});
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const state = next.querySelector("#state");
    if (!state || here.contains(document.activeElement)) return; // nobody's focus is taken away
    const before = here.querySelector("#state").textContent;
    here.replaceChildren(...next.childNodes);
    if (state.textContent !== before) document.getElementById("news").textContent = state.textContent;
  } catch {
    // cut off: the page says from when it is
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
