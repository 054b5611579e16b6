// The two queues that wait for a person: a list beside what is chosen in it, loaded a page at a time.

import { h, text } from "../build.mjs";
import { shortTime } from "./item.mjs";
import { isOk, request } from "./sending.mjs";

export class Queue {
  entries = [];
  chosen = null;
  #next = null;

  /** path: of the API. choose(entry): another one is shown, or null for none. */
  constructor(context, { path, label, choose, empty }) {
    Object.assign(this, { words: context.words, path, choose, empty });
    this.list = h("div", "act-queue-list");
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.tabIndex = 0;
    this.count = h("p", "act-queue-count");
    this.count.setAttribute("role", "status");
    this.more = h("button", "act-small", this.words.say("act.queue.more"));
    this.more.type = "button";
    this.more.addEventListener("click", () => this.load(this.#next));
    this.element = h("div", "act-queue", this.count, this.list, this.more);
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.select(row.dataset.entry);
    });
    this.list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
      if (step === undefined || !this.entries.length) return;
      event.preventDefault();
      const at = this.entries.indexOf(this.chosen);
      this.select(this.entries[Math.max(0, Math.min(this.entries.length - 1, at + step))].entry);
    });
  }

  /** Ask for the queue, from the beginning or from a cursor on. Whether it came. */
  async load(cursor = null) {
    let answer = null;
    try {
      answer = await request("GET", `/api/v1/${this.path}${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);
    } catch {
      answer = null;
    }
    if (!answer || !isOk(answer.status)) {
      text(this.count, this.words.say("act.queue.lost"));
      this.more.hidden = true;
      return false;
    }
    const { entries, next, count } = answer.body;
    this.entries = cursor ? [...this.entries, ...entries] : entries;
    this.#next = next ?? null;
    this.more.hidden = this.#next === null || this.entries.length >= count;
    this.total = count;
    this.#write();
    if (!this.entries.some(({ entry }) => entry === this.chosen?.entry)) this.select(this.entries[0]?.entry);
    return true;
  }

  #write() {
    text(this.count, this.entries.length ? this.words.say("act.queue.count", { n: this.total }) : this.empty);
    this.list.hidden = !this.entries.length;
    this.list.replaceChildren(
      ...this.entries.map(({ entry, feed, reason, received_at: at, times }) => {
        const row = h(
          "div",
          "act-queue-row",
          h("span", "act-row-head", [feed, shortTime(Date.parse(at)), times > 1 ? this.words.say("unit.times", { n: times }) : ""].filter(Boolean).join(" · ")),
          h("span", "act-row-more", reason),
        );
        row.id = `act-queue-${entry}`;
        row.dataset.entry = entry;
        row.setAttribute("role", "option");
        return row;
      }),
    );
  }

  select(entry) {
    const found = this.entries.find((one) => one.entry === entry) ?? null;
    const isAnother = found?.entry !== this.chosen?.entry;
    this.chosen = found;
    for (const row of this.list.children) {
      const isChosen = row.dataset.entry === found?.entry;
      row.setAttribute("aria-selected", String(isChosen));
      if (isChosen) row.scrollIntoView({ block: "nearest" });
    }
    if (found) this.list.setAttribute("aria-activedescendant", `act-queue-${found.entry}`);
    else this.list.removeAttribute("aria-activedescendant");
    if (isAnother) this.choose(found);
  }

  /** An entry is settled: it goes, and the next one is chosen. */
  async gone(entry) {
    const at = this.entries.findIndex((one) => one.entry === entry);
    this.entries = this.entries.filter((one) => one.entry !== entry);
    this.total -= 1;
    this.#write();
    this.select(this.entries[Math.min(Math.max(0, at), this.entries.length - 1)]?.entry);
    if (!this.entries.length) await this.load();
  }
}
