// The panel STATEMENTS: who said what, as context, newest first.

import { h } from "./build.mjs";
import { zulu } from "./clock.mjs";

const SHOWN = 3;

/** "400 % air defence", "at least 5 % of GDP defence spending": figures as they were stated. */
function figureText({ value, unit, about, qualifier }, words) {
  return [qualifier, words.number(value), unit, about].filter(Boolean).join(" ");
}

/** What a statement is about, where neither its figures nor its words have said so already. */
const stillUnsaid = (topic, figures) => (figures.some(({ about }) => about === topic) ? "" : topic);

export class StatementsView {
  #shown = null;
  #lang = "";

  constructor(root, words) {
    this.section = root.querySelector("#statements");
    this.list = root.querySelector("#statements-list");
    this.panel = root.querySelector("#panel");
    this.words = words;
    new ResizeObserver(() => this.fit()).observe(this.panel);
  }

  /** Two lines for each where the panel has the room, else one; none where it has not even room for the first. */
  fit() {
    const { section, panel } = this;
    section.classList.remove("tight", "squeezed");
    section.classList.toggle("tight", panel.scrollHeight > panel.clientHeight + 1);
    const [first] = this.list.children;
    if (!first || !section.classList.contains("tight")) return;
    const room = section.getBoundingClientRect().bottom + 1;
    section.classList.toggle("squeezed", first.getBoundingClientRect().bottom > room);
  }

  show(statements = {}) {
    if (this.#shown === statements && this.#lang === this.words.lang) return;
    this.#shown = statements;
    this.#lang = this.words.lang;
    const newest = Object.values(statements)
      .sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))
      .slice(0, SHOWN);
    this.section.hidden = newest.length === 0;
    this.list.replaceChildren(...newest.map((statement) => this.#row(statement)));
    this.fit();
  }

  #row({ speaker, organisation, topic, quote, figures = [], at }) {
    const stated = figures.map((figure) => figureText(figure, this.words)).join(" · ");
    const rest = stillUnsaid(topic, figures);
    return h(
      "div",
      "statement",
      h("span", "speaker", [speaker, organisation].filter(Boolean).join(", ")),
      ": ",
      stated ? h("b", "stated", stated) : "",
      stated && rest ? " · " : "",
      quote && !stated ? h("q", "quote", quote) : rest ? h("span", "topic", rest) : "",
      at ? h("time", "", ` ${zulu(Date.parse(at))}`) : "",
    );
  }
}
