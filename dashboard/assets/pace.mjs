// Keeps something dear from being done too often: at once after a quiet moment, then once in a while.

export class Pace {
  #doneAt = -Infinity;
  #timer = 0;

  /** act(): done at most once in `everyMs` milliseconds, and once more after the last time it was asked for. */
  constructor(everyMs, act) {
    this.everyMs = everyMs;
    this.act = act;
  }

  ask() {
    if (this.#timer) return;
    const waitMs = this.#doneAt + this.everyMs - performance.now();
    if (waitMs <= 0) this.#do();
    else this.#timer = setTimeout(() => this.#do(), waitMs);
  }

  #do() {
    this.#timer = 0;
    this.#doneAt = performance.now();
    this.act();
  }
}
