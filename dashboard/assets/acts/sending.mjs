// Sends an act until it is known what became of it. The same act goes out again under the same word (`once`), by which the
// server does it once, so a send that may have arrived is never lost and never doubled.

const PAUSES_MS = [1000, 2000, 4000, 8000];
const ANSWER_MS = 10_000;
/** Answers that leave open what became of it, or that say to come again. */
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * One request. Returns { status, body }: body is the JSON of the answer, or {} where it has none.
 * Rejects where no answer came.
 */
export async function request(method, path, body, ask = globalThis.fetch) {
  const response = await ask(path, {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: response.status, body: await response.json().catch(() => ({})) };
}

export const isOk = (status) => status >= 200 && status < 300;

/** A new act's own id. */
export function newActId() {
  return crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
}

/**
 * Send until the answer is certain.
 * tell(state): `{ state: "busy" }`, or `{ state: "unsure", tries, status }` while no answer says what became of it.
 * paused(ms): a promise for the next try; it may come sooner, as when the link is back. stopped(): whether to give up asking.
 * Returns { status, body }, or null where it was stopped.
 */
export async function sendUntilKnown(path, body, { tell = () => {}, paused, stopped = () => false, ask } = {}) {
  for (let tries = 1; !stopped(); tries += 1) {
    if (tries === 1) tell({ state: "busy" });
    let status = 0;
    try {
      const answer = await request("POST", path, body, ask);
      if (!AGAIN.has(answer.status)) return answer;
      status = answer.status;
    } catch {
      status = 0;
    }
    if (stopped()) break;
    tell({ state: "unsure", tries, status });
    await paused(PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1]);
  }
  return null;
}
