/* One act at a time, until the server has answered it: with the same key again when the answer
 * was lost, so that whatever became of the first attempt, the act is done once. */

const LIMIT = 10000;      // ms that one attempt may take
const PATIENCE = 60000;   // ms after which an act nobody remembers is not tried again
const PAUSES = [500, 1000, 2000, 4000];
export const ANSWERED = "answered", REFUSED = "refused", UNKNOWN = "unknown";

/* Resolves to {outcome, version, sentence, code}. `tell(state, sentence)` is called when the
 * act takes another attempt; `stop` is an AbortSignal for who doesn't want to wait. */
export async function post(address, fields, stop, tell) {
  const body = new URLSearchParams(fields);
  body.set("nonce", nonce());
  body.set("sure", "1");
  const began = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once(address, body, stop);
    if (answer.outcome !== UNKNOWN) return answer;
    if (stop.aborted || performance.now() - began > PATIENCE) return answer;
    tell(answer.sentence);
    await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)], stop);
    if (stop.aborted) return answer;
  }
}

async function once(address, body, stop) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT);
  const leave = () => limit.abort();
  stop.addEventListener("abort", leave);
  try {
    const response = await fetch(address, {
      method: "POST", body, signal: limit.signal, redirect: "manual", credentials: "same-origin",
      headers: {Accept: "application/problem+json"},
    });
    return await read(response);
  } catch {
    return {outcome: UNKNOWN};
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", leave);
  }
}

async function read(response) {
  const version = Number(response.headers.get("Antrean-Version") || 0);
  if (response.ok) return {outcome: ANSWERED, version};
  const problem = await response.json().catch(() => ({}));
  const unsure = response.status >= 500 || response.status === 429 || response.type === "opaqueredirect";
  return {
    outcome: unsure ? UNKNOWN : REFUSED, version, status: response.status,
    sentence: problem.detail, code: problem.code,
  };
}

function pause(ms, stop) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => { clearTimeout(timer); done(); }, {once: true});
  });
}

/* crypto.randomUUID needs a secure context, which a hall's LAN address is not. */
function nonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
