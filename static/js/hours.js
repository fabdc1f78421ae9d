/* What is typed as opening hours, in words beside it at once. The server reads the same text again
   when the form is sent, and decides. */

const PART = /^(\d{1,2})[:.](\d\d)\s*[-–]\s*(\d{1,2})[:.](\d\d)$/;

/** Spans in minutes after midnight; null: it cannot be read. */
export function spans(text) {
  const found = [];
  for (const part of text.split(",").map((one) => one.trim()).filter(Boolean)) {
    const match = PART.exec(part);
    if (!match) return null;
    const [h1, m1, h2, m2] = match.slice(1).map(Number);
    const opens = h1 * 60 + m1, closes = h2 * 60 + m2;
    const before = found.length ? found[found.length - 1][1] : 0;
    if (m1 > 59 || m2 > 59 || opens < before || opens >= closes || closes > 1440) return null;
    found.push([opens, closes]);
  }
  return found;
}

/** The same as the page words it. */
export function said(text, words) {
  const found = spans(text);
  if (!found) return words.wrong;
  if (!found.length) return words.closed;
  const two = (number) => String(number).padStart(2, "0");
  const clock = (minute) => two(Math.floor(minute / 60)) + words.mark + two(minute % 60);
  const total = found.reduce((sum, [opens, closes]) => sum + closes - opens, 0);
  const hours = Math.floor(total / 60), minutes = total % 60;
  const length = [hours && `${hours} ${words.hours}`, minutes && `${minutes} ${words.minutes}`];
  const times = found.map(([opens, closes]) => `${clock(opens)}–${clock(closes)}`).join(", ");
  return `${times} · ${length.filter(Boolean).join(" ")}`;
}

for (const input of document.querySelectorAll("input[data-spans]")) {
  const place = document.getElementById(`means-${input.id}`);
  if (!place || input.readOnly) continue;
  input.addEventListener("input", () => {
    const wrong = spans(input.value) === null;
    place.textContent = said(input.value, input.form.dataset);
    place.classList.toggle("field-fault", wrong);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  });
}

const all = document.getElementById("pick-all");
if (all) {
  const table = document.getElementById("own-table");
  const picks = [...table.querySelectorAll('input[name^="pick-"]')];
  const show = () => {
    const count = picks.filter((one) => one.checked).length;
    all.checked = count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const one of picks) one.checked = all.checked;
  });
  table.addEventListener("change", show);
  show();
}
