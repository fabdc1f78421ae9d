/* A code scanner is a keyboard that types fast and ends with Enter or Tab. It is heard on every
 * screen, whatever has the focus; fingers never are. `found(code)` gets what it read.
 *
 * A burst that began in a field is taken out of the field again.
 */
const LONGEST_GAP = 300, MEAN_GAP = 45;   // ms: one hiccup is forgiven, slow typing isn't
const SHORTEST = 6, LONGEST = 300;        // signs of a code
const ADDRESS = /https?:\/\/\S+$/i;       // nobody types one on a kiosk

export function scanner(found) {
  let read = "", began = 0, last = 0, field = null, before = "";

  function begin(event) {
    read = "";
    began = event.timeStamp;
    field = event.target instanceof HTMLInputElement && event.target.type === "text" ? event.target : null;
    before = field ? field.value : "";
  }

  addEventListener("keydown", (event) => {
    const fresh = event.timeStamp - last > LONGEST_GAP;
    if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (fresh || !read) { begin(event); }
      last = event.timeStamp;
      if (read.length <= LONGEST) { read += event.key; }
      return;
    }
    if (event.key !== "Enter" && event.key !== "Tab") { return; }   // Shift, of capital letters
    const all = fresh ? "" : read, mean = (last - began) / Math.max(1, all.length - 1);
    const code = ADDRESS.exec(all)?.[0] || (mean > MEAN_GAP ? "" : all);
    read = "";
    if (code.length < SHORTEST || code.length > LONGEST) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field?.isConnected) { field.value = before; }
    found(code);
  }, true);
}
