// The server's time, kept beside the browser's own clock, which may be wrong.

const KEPT = 40;

/**
 * Estimates the server's clock from the times in its messages.
 * A message is late by its way here, never early, so of the last few the largest offset is nearest the truth.
 */
export class ServerTime {
  #offsets = [];

  /** monotonic: milliseconds of a clock that never jumps. */
  constructor(monotonic = () => performance.now()) {
    this.monotonic = monotonic;
  }

  /** Learn from a message. iso: its `server_time`. */
  heard(iso) {
    const at = Date.parse(iso);
    if (Number.isNaN(at)) return;
    const offset = at - this.monotonic();
    // A jump means that the server's clock was set, or that this machine slept: what was learnt is void.
    if (this.#offsets.length && Math.abs(offset - this.#best()) > 2000) this.#offsets = [];
    this.#offsets.push(offset);
    if (this.#offsets.length > KEPT) this.#offsets.shift();
  }

  /** Whether any message has told it. */
  get known() {
    return this.#offsets.length > 0;
  }

  /** Milliseconds since the epoch by the server's clock, or by the browser's before any message. */
  now() {
    return this.#offsets.length ? this.monotonic() + this.#best() : Date.now();
  }

  #best() {
    return Math.max(...this.#offsets);
  }
}
