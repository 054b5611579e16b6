// Brings the rows of the table: what there is in pages, newest first, then what is new as often as the picture moves.

/** Rows a page. */
const PAGE = 5_000;
/** Rows that go into the table between two frames. */
const SLICE = 1_250;
/** At most so many questions a second for what is new. */
const PER_SECOND = 4;
/** The most rows that the table keeps; what is older is asked for by its time. */
export const MOST = 50_000;
const RETRY_MS = 2_000;

/** ask(query): promises an answer of /api/v1/rows. */
async function askRows(query, { signal } = {}) {
  const response = await fetch(`/api/v1/rows?${new URLSearchParams(query)}`, { signal });
  if (!response.ok) throw Object.assign(new Error(`rows: ${response.status}`), { status: response.status });
  return response.json();
}

/**
 * take(rows): puts rows in the table. told(state): { loading, loaded, complete, error } after every answer.
 * pause(): promised between two slices of a page, so that the screen stays alive.
 */
export class Intake {
  state = { loading: false, complete: false, error: "" };
  #after = null;
  #lastAt = -Infinity;
  #timer = null;
  #asking = false;
  #again = false;
  #life = 0;

  constructor({ take, told, ask = askRows, pause = nextIdle, now = () => performance.now(), page = PAGE, most = MOST }) {
    Object.assign(this, { take, told, ask, pause, now, page, most });
  }

  /**
   * Begin anew: all pages, from the newest or from a cursor back. Resolves when all are there, or the table has all that it keeps.
   */
  async start({ before: first = null, most = this.most } = {}) {
    const life = ++this.#life;
    this.#after = null;
    // What was to be asked for next is in the first page.
    clearTimeout(this.#timer);
    this.#timer = null;
    let before = first;
    let loaded = 0;
    this.#tell({ loading: true, complete: false, error: "" });
    while (loaded < most) {
      let answer;
      try {
        answer = await this.ask({ limit: Math.min(this.page, most - loaded), ...(before ? { before } : {}) });
      } catch (error) {
        if (life !== this.#life) return;
        this.#tell({ error: String(error.message ?? error) });
        if (error.status >= 400 && error.status < 500) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        if (life !== this.#life) return;
        continue;
      }
      if (life !== this.#life) return;
      this.#after ??= answer.position;
      for (let at = 0; at < answer.rows.length; at += SLICE) {
        this.take(answer.rows.slice(at, at + SLICE));
        await this.pause();
        if (life !== this.#life) return;
      }
      loaded += answer.rows.length;
      before = answer.next;
      this.#tell({ error: "" });
      if (!before || !answer.rows.length) break;
    }
    this.#tell({ loading: false, complete: !before, error: "" });
    if (this.#again) this.hear();
  }

  /** Something happened: ask for what is new, at once or as soon as that is allowed again. */
  hear = () => {
    if (this.#after === null || this.#asking) {
      this.#again = true;
      return;
    }
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#lastAt + 1000 / PER_SECOND - this.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#askNew();
    }, wait);
  };

  async #askNew() {
    const life = this.#life;
    this.#asking = true;
    this.#again = false;
    this.#lastAt = this.now();
    let more = false;
    try {
      const answer = await this.ask({ after: this.#after, limit: this.page });
      if (life !== this.#life) return;
      this.take(answer.rows);
      this.#after = answer.position ?? this.#after;
      more = answer.rows.length >= this.page;
      if (this.state.error) this.#tell({ error: "" });
    } catch (error) {
      if (life !== this.#life) return;
      this.#tell({ error: String(error.message ?? error) });
      setTimeout(this.hear, RETRY_MS);
    } finally {
      this.#asking = false;
    }
    if (more || this.#again) this.hear();
  }

  #tell(change) {
    this.state = { ...this.state, ...change };
    this.told?.(this.state);
  }
}

/** The cursor from which rows go back that were received by an instant, in milliseconds. */
export function cursorAt(epoch, ms) {
  return [epoch, ...["alerts", "raids", "scrambles", "threats", "log"].map((stream) => `${stream}=${Math.floor(ms) + 1}-0`)].join(";");
}

/** After the next frame, so that it is drawn before more rows come. */
function nextIdle() {
  return new Promise((resolve) => {
    if (document.visibilityState === "hidden") setTimeout(resolve, 0);
    else requestAnimationFrame(() => setTimeout(resolve, 0));
  });
}
