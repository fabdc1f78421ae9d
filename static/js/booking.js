/* What a booking's pages can do beyond their forms: count a hold down, print, copy the address. */

const held = document.getElementById("held");
if (held) {
  const ends = performance.now() + Number(held.dataset.seconds) * 1000;
  const left = document.getElementById("left");
  const tell = () => {
    const seconds = Math.max(0, Math.round((ends - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds === 0) {
      clearInterval(ticking);
      if (!document.getElementById("phone")?.value) location.reload(); // says what is true now
    }
  };
  const ticking = setInterval(tell, 1000);
  tell();
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(copy.dataset.url);
      copy.textContent = copy.dataset.done;
    } catch {
      copy.hidden = true;
    }
  });
}
