// A stretch of a night as it is carried: a first picture, and what changed after it, instant by instant.

import { mergePatch } from "../picture.mjs";

/** Changes between two pictures that are kept once they were needed; what did not change they share. */
const STRIDE = 64;

/** The number of the last of ordered numbers that is not above a value; -1 for none. */
export function lastAtOrBefore(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Tape {
  #kept;
  #last = { count: 0, tree: null };

  /** start, end: in milliseconds by our clock. tree: at the start. frames: [[ms, events told, patch]], in order. */
  constructor({ start, end, tree, frames }) {
    Object.assign(this, { start, end, frames });
    this.times = frames.map(([ms]) => ms);
    this.told = frames.filter(([, told]) => told > 0).map(([ms]) => ms);
    const first = mergePatch({}, tree);
    this.#kept = [first];
    this.#last.tree = first;
  }

  /** The picture at an instant; the same object as long as nothing changed. */
  at(ms) {
    const count = lastAtOrBefore(this.times, ms) + 1;
    if (count === this.#last.count) return this.#last.tree;
    const stride = Math.min(Math.floor(count / STRIDE), this.#kept.length - 1);
    let [from, tree] = [stride * STRIDE, this.#kept[stride]];
    if (this.#last.count > from && this.#last.count < count) [from, tree] = [this.#last.count, this.#last.tree];
    for (let n = from; n < count; n += 1) {
      tree = mergePatch(tree, this.frames[n][2]);
      if ((n + 1) % STRIDE === 0) this.#kept[(n + 1) / STRIDE] ??= tree;
    }
    this.#last = { count, tree };
    return tree;
  }

  /** When the next event comes (by 1), or the one before (by -1); null where there is none. */
  step(ms, by) {
    const { told } = this;
    const n = lastAtOrBefore(told, by > 0 ? ms : ms - 1);
    return told[by > 0 ? n + 1 : n] ?? null;
  }
}
