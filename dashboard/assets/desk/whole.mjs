// Everything about one event: asked for when it is selected, and again when it can have changed.

/** Promises { id, revisions, acks, notes, log }; null where there is no such event. */
async function askWhole(id, { signal } = {}) {
  const response = await fetch(`/api/v1/events/${encodeURIComponent(id)}`, { signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** The last answer of an event at a time; an answer that comes after another was asked for is dropped. */
export class Whole {
  #asked = null;
  #timer = null;
  id = null;
  value = null;
  error = "";

  constructor(told, ask = askWhole) {
    this.told = told;
    this.ask = ask;
  }

  get event() {
    return this.value?.revisions?.at(-1)?.event ?? null;
  }

  /** Another event, or none (null). */
  show(id) {
    if (id === this.id) return;
    this.#asked?.abort();
    clearTimeout(this.#timer);
    this.#timer = null;
    Object.assign(this, { id, value: null, error: "" });
    if (id) this.#load();
    else this.told();
  }

  /** It can have changed: ask again, soon and once. */
  again() {
    if (!this.id || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#load();
    }, 150);
  }

  async #load() {
    const { id } = this;
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    if (!this.value) this.told();
    try {
      const value = await this.ask(id, { signal });
      if (id !== this.id || signal.aborted) return;
      Object.assign(this, { value, error: value ? "" : "none" });
    } catch (error) {
      if (id !== this.id || signal.aborted) return;
      this.error = String(error.message ?? error);
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#load();
      }, 2_000);
    }
    this.told();
  }
}
