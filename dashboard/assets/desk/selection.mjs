// What is selected: event ids, the first of them the one that the drawer tells of. One for table, map, lists and drawer.

export class Selection {
  ids = [];
  #listeners = new Set();

  /** listener(ids, from): from names who selected, so that it need not answer itself. */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  get first() {
    return this.ids[0] ?? null;
  }

  /** Select these ids, and nothing else. Returns whether that changed anything. */
  set(ids, from = "") {
    const wanted = [...new Set(ids.filter(Boolean))];
    if (wanted.length === this.ids.length && wanted.every((id, n) => id === this.ids[n])) return false;
    this.ids = wanted;
    for (const listener of this.#listeners) listener(this.ids, from);
    return true;
  }

  clear(from = "") {
    return this.set([], from);
  }
}
