/* Puts a newer rendering in place of the parts that differ, and keeps focus and scroll. */

const shown = new Map();

/* `html` is the partial that the page was made with. Returns false for one that is older. */
export function swap(root, html, force) {
  const next = new DOMParser().parseFromString(html, "text/html");
  const [is, was] = [next.getElementById("state"), root.querySelector("#state")];
  if (!is || (!force && Number(is.dataset.version) < Number(was.dataset.version))) return false;
  const focused = document.activeElement && document.activeElement.id;
  const kept = remember(root);
  was.replaceWith(is);
  for (const part of next.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    const raw = part.outerHTML;
    if (shown.get(name) === raw) continue;
    shown.set(name, raw);
    root.querySelector(`[data-part="${name}"]`).replaceWith(part);
  }
  restore(root, kept, focused);
  return true;
}

export function facts(root) {
  const d = root.querySelector("#state").dataset;
  return {
    version: Number(d.version), now: Number(d.now), state: d.state, operator: d.operator,
    current: Number(d.current), waiting: Number(d.waiting), title: d.title,
    alarms: words(d.alarms), messages: words(d.messages), closing: Number(d.closing || 0),
  };
}

function words(text) {
  return (text || "").split(" ").filter(Boolean);
}

function remember(root) {
  const kept = [];
  for (const node of root.querySelectorAll("[data-part] [id$='-rows'], [data-part] [id$='-scroll'], [data-part] details")) {
    kept.push([node.id, node.scrollTop, node.open]);
  }
  return kept;
}

function restore(root, kept, focused) {
  for (const [id, top, open] of kept) {
    const node = document.getElementById(id);
    if (!node) continue;
    node.scrollTop = top;
    if (open) node.open = true;
  }
  const lost = !document.activeElement || document.activeElement === document.body;
  const node = lost && focused && document.getElementById(focused);
  if (node && root.contains(node)) node.focus({preventScroll: true});
}
