// What the desk keeps for each person in this browser: columns, switches, notations. Broken or missing storage keeps nothing.

const PREFIX = "watchfloor.desk.";

export class Own {
  #kept = {};

  /** name: of the person. storage: the browser's, or what behaves like it. */
  constructor(name, storage = globalThis.localStorage) {
    this.key = PREFIX + name;
    this.storage = storage;
    try {
      const kept = JSON.parse(storage.getItem(this.key) ?? "{}");
      if (kept && typeof kept === "object" && !Array.isArray(kept)) this.#kept = kept;
    } catch {
      // What somebody else wrote there, or no storage at all.
    }
  }

  get(name, otherwise) {
    const value = Object.hasOwn(this.#kept, name) ? this.#kept[name] : undefined;
    return value !== undefined && (otherwise === undefined || typeof value === typeof otherwise) ? value : otherwise;
  }

  set(name, value) {
    this.#kept = { ...this.#kept, [name]: value };
    try {
      this.storage.setItem(this.key, JSON.stringify(this.#kept));
    } catch {
      // A full or forbidden storage: it holds for this page then.
    }
  }
}
