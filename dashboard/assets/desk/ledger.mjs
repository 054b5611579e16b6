// The events of the table by id, each in its last revision. What comes late or twice changes nothing.

/** Whether a row is newer than what is known of the same event: by revision, then by when it was received. */
const isNewer = (row, known) =>
  row.revision > known.revision || (row.revision === known.revision && (row.entry ?? "") > (known.entry ?? ""));

export class Ledger {
  #rows = new Map();

  get size() {
    return this.#rows.size;
  }

  get(id) {
    return this.#rows.get(id);
  }

  /** All rows, in the order in which their events were first heard of here. */
  values() {
    return this.#rows.values();
  }

  /** Take rows in whatever order: { add, update }, each row once, for a transaction of the table. */
  take(rows) {
    const add = new Map();
    const update = new Map();
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known && !isNewer(row, known)) continue;
      this.#rows.set(row.id, row);
      (known && !add.has(row.id) ? update : add).set(row.id, row);
    }
    return { add: [...add.values()], update: [...update.values()] };
  }

  clear() {
    this.#rows.clear();
  }
}
