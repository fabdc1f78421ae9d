/* A service's page: the ticks are remembered, the present is kept present, paper is offered.
 * The page says everything without this. */

const page = document.querySelector("[data-service]");
const print = document.getElementById("print");
const SOON = 4000, SPREAD = 4000;   // ms until a moved line is asked for: many pages look at one

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
if (page) {
  remember(page.dataset.service);
  follow(page.dataset);
}

/* What was ticked, by its words: a list that changes keeps the ticks that still mean something. */
function remember(service) {
  const key = `antrean.checks.${service}`, boxes = [...document.querySelectorAll("#checks input")];
  const words = (box) => box.nextElementSibling.textContent;
  let ticked;
  try {
    ticked = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
  } catch {
    return;   // a browser that keeps nothing
  }
  document.getElementById("kept")?.removeAttribute("hidden");
  for (const box of boxes) { box.checked = ticked.has(words(box)); }
  document.getElementById("checks")?.addEventListener("change", () => {
    localStorage.setItem(key, JSON.stringify(boxes.filter((box) => box.checked).map(words)));
  });
}

function follow({service, language, build}) {
  let version = 0, timer = 0;
  const look = async () => {
    timer = 0;
    const answer = await fetch(`/services/${service}/now?lang=${language}`).catch(() => null);
    if (!answer || !answer.ok) { return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("now");
    const shown = document.getElementById("now");
    if (fresh && fresh.innerHTML !== shown.innerHTML) { shown.replaceWith(fresh); }
  };
  window.Antrean.live({
    topics: [`line:${service}`], build, language,
    onState: (frame) => {
      if (version && frame.version !== version && !timer) { timer = setTimeout(look, SOON + Math.random() * SPREAD); }
      version = frame.version;
    },
  });
}
