// The ticker: the newest lines in pages that turn by themselves. It never runs, so that it can be read from afar.

import { h, text } from "./build.mjs";
import { zulu } from "./clock.mjs";
import { lineOf } from "./lines.mjs";

const PER_PAGE = 3;
const PAGES = 4;
const TURN_MS = 9000;

/**
 * The lines to show, newest first: [key, tick, subjects]. Keys of the ticker sort by time. Alerts that begin or end in
 * the same minute are one line with all their regions, or a salvo would push out everything else.
 */
export function newest(ticker = {}, count = PER_PAGE * PAGES) {
  const lines = [];
  const salvoes = new Map();
  for (const [key, tick] of Object.entries(ticker).sort(([a], [b]) => (a < b ? 1 : -1))) {
    const { type = "", level = "" } = tick.detail ?? {};
    const salvo = tick.kind.startsWith("alert.") && [tick.kind, type, level, tick.source?.feed, tick.at.slice(0, 16)].join("|");
    const known = salvo && salvoes.get(salvo);
    if (known) known[2].push(tick.subject);
    else {
      const entry = [key, tick, [tick.subject]];
      lines.push(entry);
      if (salvo) salvoes.set(salvo, entry);
    }
  }
  return lines.slice(0, count);
}

export class TickerView {
  #entries = [];
  #page = 0;
  #turnedAt = 0;
  #shown = null;
  #head = "";

  constructor(root, words) {
    this.list = root.querySelector("#ticker");
    this.pages = root.querySelector("#ticker-pages");
    this.words = words;
  }

  show(ticker, nowMs) {
    if (this.#shown === ticker) return;
    this.#shown = ticker;
    this.#entries = newest(ticker);
    const head = this.#entries[0]?.[0] ?? "";
    // What is new is shown at once; otherwise the page that somebody reads stays.
    if (head !== this.#head) this.#page = 0;
    if (head !== this.#head) this.#turnedAt = nowMs;
    this.#head = head;
    this.#draw();
  }

  /** Turn the page when its time is over. */
  tick(nowMs) {
    const pages = Math.ceil(this.#entries.length / PER_PAGE);
    if (pages < 2 || nowMs - this.#turnedAt < TURN_MS) return;
    this.#turnedAt = nowMs;
    this.#page = (this.#page + 1) % pages;
    this.#draw();
  }

  #draw() {
    const w = this.words;
    const pages = Math.max(1, Math.ceil(this.#entries.length / PER_PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const shown = this.#entries.slice(this.#page * PER_PAGE, (this.#page + 1) * PER_PAGE);
    this.list.replaceChildren(
      ...(shown.length
        ? shown.map((entry) => this.#cell(...entry))
        : [h("div", "nothing", w.say("ticker.none"))]),
    );
    text(this.pages, pages > 1 ? w.say("ticker.page", { page: this.#page + 1, pages }) : "");
  }

  #cell(key, tick, subjects) {
    const { tone, subject: first, what } = lineOf(tick, this.words);
    const many = subjects.length > 1;
    const names = subjects.map((each) => this.words.subject(each)).join(", ");
    const subject = many ? this.words.say("ticker.regions", { n: subjects.length }) : first;
    const { feed = "", grade = "F6" } = tick.source ?? {};
    const cell = h(
      "div",
      `tick tone-${tone}`,
      h("div", "tick-line", h("time", "", zulu(Date.parse(tick.at))), h("b", "", subject), h("span", "tick-source", `${feed} · ${grade}`)),
      h("div", "tick-what", many ? `${what}: ${names}` : what),
    );
    cell.dataset.tick = key;
    return cell;
  }
}
