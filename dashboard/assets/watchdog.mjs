// Watches the page itself: frames that stop, a browser's clock that is wrong, errors that come again and again.

const FRAMES_STOPPED_MS = 3000;
const RELOAD_AFTER_MS = 30_000;
const CLOCK_WRONG_MS = 2000;
const LOOK_EVERY_MS = 500;
const COUNT_MS = 1000;
/** So many errors within a minute, and the page is loaded anew; after so many loads in an hour it is left as it is. */
const ERRORS = 5;
const MOST_LOADS = 6;
const KEPT_UNDER = "watchfloor-loads";

/**
 * What is wrong, as keys and values for words. frameAgeMs: since the last frame. stillMs: how long nothing of the page ran just now.
 * offsetMs: the browser's clock against the server's; null before that is known.
 */
export function faults({ frameAgeMs, stillMs, offsetMs }) {
  return [
    ...(frameAgeMs > FRAMES_STOPPED_MS ? [{ key: "watchdog.frames", ms: frameAgeMs }] : []),
    ...(stillMs > FRAMES_STOPPED_MS ? [{ key: "watchdog.still", ms: stillMs }] : []),
    ...(offsetMs !== null && Math.abs(offsetMs) > CLOCK_WRONG_MS
      ? [{ key: offsetMs > 0 ? "watchdog.clock_ahead" : "watchdog.clock_behind", ms: Math.abs(offsetMs) }]
      : []),
  ];
}

export class Watchdog {
  #frameAt = performance.now();
  #isAsked = false;
  #lookedAt = performance.now();
  #stillMs = 0;
  #stillSaidAt = -Infinity;
  #errors = [];

  /** time: a ServerTime. element: where faults are said. say: a fault as words. */
  constructor({ time, element, say }) {
    this.time = time;
    this.element = element;
    this.say = say;
    setInterval(() => this.#look(), LOOK_EVERY_MS);
    for (const type of ["error", "unhandledrejection"]) addEventListener(type, () => this.#failed());
    addEventListener("webglcontextlost", () => this.#load(), true);
    document.addEventListener("visibilitychange", () => (this.#lookedAt = this.#frameAt = performance.now()));
  }

  get offsetMs() {
    return this.time.known ? Date.now() - this.time.now() : null;
  }

  /** Frames a second, counted for one second: a page that asks for frames all the time keeps the machine busy with nothing. */
  countFrames() {
    return new Promise((done) => {
      const begun = performance.now();
      let counted = -1;
      const frame = () => {
        counted += 1;
        const spent = performance.now() - begun;
        if (spent < COUNT_MS) requestAnimationFrame(frame);
        else done(Math.round((counted * 1000) / spent));
      };
      requestAnimationFrame(frame);
    });
  }

  /** One frame is asked for at each look, and comes at once where all is well. */
  #askFrame() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#frameAt = performance.now();
    });
  }

  #look() {
    const now = performance.now();
    this.#askFrame();
    const still = now - this.#lookedAt - LOOK_EVERY_MS;
    this.#lookedAt = now;
    if (still > FRAMES_STOPPED_MS) [this.#stillMs, this.#stillSaidAt] = [still, now];
    // A hidden page has no frames, and nobody looks at it.
    const frameAgeMs = document.visibilityState === "hidden" ? 0 : now - this.#frameAt;
    const stillMs = now - this.#stillSaidAt < 15_000 ? this.#stillMs : 0;
    const said = faults({ frameAgeMs, stillMs, offsetMs: this.offsetMs }).map(this.say).join(" · ");
    if (this.element.textContent !== said) this.element.textContent = said;
    this.element.hidden = said === "";
    if (frameAgeMs > RELOAD_AFTER_MS) this.#load();
  }

  #failed() {
    const now = performance.now();
    this.#errors = [...this.#errors.filter((at) => now - at < 60_000), now];
    if (this.#errors.length >= ERRORS) this.#load();
  }

  #load() {
    const now = Date.now();
    let loads = [];
    try {
      loads = JSON.parse(sessionStorage.getItem(KEPT_UNDER) ?? "[]").filter((at) => now - at < 3_600_000);
      if (loads.length >= MOST_LOADS) return;
      sessionStorage.setItem(KEPT_UNDER, JSON.stringify([...loads, now]));
    } catch {
      return;
    }
    location.reload();
  }
}

/** Load the page anew when the server has other scripts than this page: after an upgrade no hand is needed. */
export async function loadWhenNewer(config) {
  try {
    const { assets } = await (await fetch("/healthz", { cache: "no-store" })).json();
    if (assets && assets !== config.assets) location.reload();
  } catch {
    // No answer: the link's own mark says so.
  }
}
