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
