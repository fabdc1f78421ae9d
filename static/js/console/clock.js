/* The server's time on this machine: elapsed times tick by it, whatever the local clock says. */

let offset = -Infinity;

/* A sample can only be late, never early: so the latest clock of all samples is the right one. */
export function learn(serverNow) {
  if (serverNow) offset = Math.max(offset, serverNow - performance.now());
}

export function tick(root) {
  const now = offset + performance.now();
  for (const node of root.querySelectorAll("[data-since]")) {
    write(node, lasted(now - Number(node.dataset.since)));
  }
  for (const node of root.querySelectorAll("[data-minutes]")) {
    write(node, String(Math.max(0, Math.floor((now - Number(node.dataset.minutes)) / 60000))));
  }
  ahead(root, now);
}

/* What counts down: a time left, then how late it is; seconds to wait; what is over by then. */
function ahead(root, now) {
  for (const node of root.querySelectorAll("[data-left]")) {
    const left = Number(node.dataset.left) - now, late = left < 0;
    write(node, late ? `${node.dataset.late || ""} ${lasted(-left)}`.trim() : lasted(left));
    if (node.dataset.late) node.parentElement.classList.toggle("overdue", late);
  }
  for (const node of root.querySelectorAll("[data-seconds]")) {
    write(node, String(Math.max(0, Math.ceil((Number(node.dataset.seconds) - now) / 1000))));
  }
  for (const node of root.querySelectorAll("[data-until]")) node.hidden = now >= Number(node.dataset.until);
}

/* As `views.lasted` words it: 4:07, 1:02:09. */
export function lasted(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
