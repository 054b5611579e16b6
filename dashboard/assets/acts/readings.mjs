// What the reader understood of a text: the text with what it read marked, and a card for each reading that a person mends.

import { h, text } from "../build.mjs";
import { field } from "./fields.mjs";
import { EventForm } from "./form.mjs";
import { itemLine, kindWord } from "./item.mjs";
import { READ_KINDS } from "./kinds.mjs";
import { nested } from "./paths.mjs";
import { pieces, spansOf } from "./spans.mjs";

/** Members of an event that no form has, and that go with it as they are. */
const KEPT = ["evidence", "figures"];

class Card {
  published = false;

  constructor(set, reading, n) {
    const { words } = set;
    Object.assign(this, { set, words, reading, n, base: reading.event });
    this.tick = h("input", "");
    Object.assign(this.tick, { type: "checkbox", checked: reading.sure });
    this.name = h("span", "act-card-name");
    const choose = h("label", "act-card-choose", this.tick, h("span", "act-card-publish", words.say("act.read.publish")));
    this.state = h("span", `act-sure ${reading.sure ? "sure" : "unsure"}`, words.say(reading.added ? "act.read.added" : reading.sure ? "act.read.sure" : "act.read.unsure", { percent: Math.round((reading.confidence ?? 0) * 100) }));
    this.mended = h("span", "act-mark");
    this.mended.hidden = true;
    this.kind = field("choice", { words, path: "kind", label: words.say("act.field.kind"), of: READ_KINDS.map((kind) => [kind, kindWord(kind, words)]) });
    this.kind.set(this.base.kind);
    this.kind.control.addEventListener("change", () => this.#turn(this.kind.value()));
    const remove = h("button", "act-small", words.say("act.read.drop"));
    remove.type = "button";
    remove.addEventListener("click", () => set.drop(this));
    this.place = h("div", "act-place");
    this.error = h("p", "act-error");
    const doubts = [...(reading.doubts ?? []), ...(reading.reasons ?? [])];
    this.summary = h("summary", "", this.name, this.state, this.mended);
    this.fold = h(
      "details",
      "act-card-fold",
      this.summary,
      doubts.length > 0 && h("ul", "act-doubts", ...doubts.map((said) => h("li", said.startsWith("contradiction") ? "contradiction" : "", said))),
      h("div", "act-card-tools", this.kind.element, remove),
      this.place,
    );
    if (doubts.length) this.fold.querySelector("ul").setAttribute("aria-label", words.say("act.read.reasons"));
    this.element = h("section", "act-card", choose, this.fold, this.error);
    this.element.setAttribute("aria-label", kindWord(this.base.kind, words));
    this.tick.addEventListener("input", () => set.counted());
    this.#make(this.base.kind);
  }

  #make(kind) {
    this.form = new EventForm(this.set.context, kind, { compact: !this.reading.added });
    this.form.set(this.base);
    this.place.replaceChildren(this.form.element);
    this.form.element.addEventListener("input", () => this.look());
    this.form.element.addEventListener("focusin", (event) => this.set.point(this, event.target.closest("[data-path]")?.dataset.path));
    this.form.element.addEventListener("focusout", () => this.set.point(this, null));
    this.look();
  }

  /** The same reading as another kind: what both have stays. */
  #turn(kind) {
    const values = this.form.values();
    this.#make(kind);
    for (const [path, value] of Object.entries(values)) if (this.form.all.has(path)) this.form.put(path, value);
    this.look();
    this.kind.focus();
  }

  /** What a person changed of it says so, field by field and in the card's own line. */
  look() {
    const mine = this.reading.added ? {} : this.form.changes(this.base);
    for (const [path, made] of this.form.all) made.say(Object.hasOwn(mine, path) ? this.words.say("act.mended") : "");
    const n = Object.keys(mine).length + (this.form.kind === this.base.kind ? 0 : 1);
    text(this.mended, n ? this.words.say("act.mended_n", { n }) : "");
    this.mended.hidden = !n;
    text(this.name, itemLine({ ...this.event(), kind: this.form.kind }, this.words));
    text(this.error, "");
    this.set.marked(this.n, mine);
    this.set.counted();
  }

  get changed() {
    return this.reading.added || this.form.kind !== this.base.kind || Object.keys(this.form.changes(this.base)).length > 0;
  }

  /** The event as it would be published. */
  event() {
    const kept = Object.fromEntries(KEPT.filter((name) => this.base[name] !== undefined).map((name) => [name, this.base[name]]));
    const { kind } = this.form;
    return { ...(kind === this.base.kind ? kept : { evidence: this.base.evidence }), kind, ...nested(this.form.values()) };
  }

  check() {
    if (this.form.check()) return true;
    this.fold.open = true;
    this.form.check();
    return false;
  }

  raise(parameter, said) {
    this.fold.open = true;
    if (!this.form.raise(parameter, said)) text(this.error, parameter ? `${parameter}: ${said}` : said);
  }

  raw() {
    return { reading: this.reading, kind: this.form.kind, fields: this.form.raw(), ticked: this.tick.checked, published: this.published };
  }

  restore({ kind, fields, ticked, published }) {
    if (kind !== this.form.kind) {
      this.kind.set(kind);
      this.#make(kind);
    }
    this.form.restore(fields);
    this.tick.checked = ticked;
    if (published) this.done();
    this.look();
  }

  done() {
    this.published = true;
    this.tick.checked = false;
    this.tick.disabled = true;
    this.fold.open = false;
    this.element.classList.add("published");
    text(this.state, this.words.say("act.read.published"));
    this.state.className = "act-sure sure";
    this.set.counted();
  }
}

/** The text and its cards. counted(): called when the number of what would be published may have changed. */
export class Readings {
  cards = [];
  #mended = new Map();

  constructor(context, { counted = () => {} } = {}) {
    Object.assign(this, { context, words: context.words, counted });
    this.text = h("div", "act-source");
    this.text.tabIndex = 0;
    this.text.setAttribute("role", "region");
    this.text.setAttribute("aria-label", this.words.say("act.read.text"));
    this.legend = h("p", "act-legend", h("mark", "act-read", this.words.say("act.read.was_read")), h("span", "act-left", this.words.say("act.read.was_left")));
    this.list = h("div", "act-cards");
    this.none = h("p", "act-empty", this.words.say("act.read.none"));
    const add = h("button", "act-small", this.words.say("act.read.add"));
    add.type = "button";
    add.addEventListener("click", () => {
      const card = this.#card({ event: { kind: "raid_report", evidence: this.#evidence() }, confidence: 1, sure: true, added: true, reasons: [], doubts: [] });
      card.fold.open = true;
      card.kind.focus();
      this.#changed();
    });
    this.element = h("div", "act-readings", h("div", "act-source-side", this.legend, this.text), h("div", "act-cards-side", this.none, this.list, add));
    this.text.addEventListener("click", (event) => {
      const mark = event.target.closest("mark[data-marks]");
      if (mark) this.#toField(mark.dataset.marks.split(" ")[0]);
    });
  }

  /** What a reading that a person adds stands on: the text, and nothing that was read in it. */
  #evidence() {
    const { text: said, title, link, lang } = this.source;
    return { text: said, ...(lang ? { lang } : {}), ...(title ? { title } : {}), ...(link ? { link } : {}) };
  }

  /** source: { text, title, link }. answer: of the readings API. */
  show(source, answer) {
    this.source = { ...source, lang: answer.lang };
    this.answer = answer;
    this.cards = [];
    this.list.replaceChildren();
    for (const reading of answer.readings) this.#card(reading);
    const first = this.cards.find(({ reading }) => reading.doubts?.length || reading.reasons?.length) ?? this.cards[0];
    if (first) first.fold.open = true;
    this.#write();
    this.#changed();
  }

  #card(reading) {
    const card = new Card(this, reading, this.cards.length);
    this.cards.push(card);
    this.list.append(card.element);
    this.none.hidden = true;
    return card;
  }

  #write() {
    const spans = spansOf(this.cards.map(({ base, published, dropped }) => (published || dropped ? null : base)));
    this.text.replaceChildren(
      ...pieces(this.source.text, spans, this.answer.left ?? []).map(({ text: said, marks, left }) => {
        if (!marks.length) return h("span", left ? "act-left" : "", said);
        const mark = h("mark", "act-read", said);
        mark.dataset.marks = marks.map(({ reading, path }) => `${reading}:${path}`).join(" ");
        mark.title = [...new Set(marks.map(({ reading, path }) => this.cards[reading].form.label(path)))].join(", ");
        return mark;
      }),
    );
    this.text.lang = this.answer.lang ?? "und";
    for (const [n, mine] of this.#mended) this.marked(n, mine);
  }

  #marksOf(n, path) {
    return [...this.text.querySelectorAll("mark[data-marks]")].filter((mark) =>
      mark.dataset.marks.split(" ").some((one) => one === `${n}:${path}` || one.startsWith(`${n}:${path}.`)),
    );
  }

  /** Where a field was read from is lit while the field has the focus. */
  point(card, path) {
    for (const mark of this.text.querySelectorAll(".lit")) mark.classList.remove("lit");
    if (!path) return;
    const marks = this.#marksOf(card.n, path);
    for (const mark of marks) mark.classList.add("lit");
    marks[0]?.scrollIntoView({ block: "nearest" });
  }

  #toField(name) {
    const [, n, path] = /^(\d+):(.*)$/.exec(name);
    const card = this.cards[Number(n)];
    const made = card.form.all.get(path);
    card.fold.open = true;
    if (made && card.form.details.contains(made.element)) card.form.details.open = true;
    (made ?? card.kind).focus();
  }

  /** What was mended is in the text no more as it was read. */
  marked(n, mine) {
    this.#mended.set(n, mine);
    for (const mark of this.text.querySelectorAll("mark[data-marks]")) {
      const own = mark.dataset.marks.split(" ").map((one) => /^(\d+):(.*)$/.exec(one)).filter((found) => Number(found[1]) === n);
      if (own.length) mark.classList.toggle("mended", own.every((found) => Object.hasOwn(mine, found[2])));
    }
  }

  drop(card) {
    const at = this.chosen.indexOf(card);
    card.dropped = true;
    card.element.remove();
    this.none.hidden = this.cards.some(({ dropped }) => !dropped);
    this.#write();
    this.#changed();
    const next = this.cards.filter(({ dropped }) => !dropped);
    (next[Math.min(Math.max(0, at), next.length - 1)]?.summary ?? this.text).focus();
  }

  #changed() {
    this.counted();
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The cards that are to be published. */
  get chosen() {
    return this.cards.filter(({ tick, dropped, published }) => tick.checked && !dropped && !published);
  }

  get touched() {
    return this.cards.some((card) => card.dropped || card.published || card.changed);
  }

  raw() {
    return { source: this.source, answer: this.answer, cards: this.cards.map((card) => ({ ...card.raw(), dropped: Boolean(card.dropped) })) };
  }

  restore({ source, answer, cards }) {
    this.show(source, { ...answer, readings: cards.map(({ reading }) => reading) });
    cards.forEach((raw, n) => {
      this.cards[n].restore(raw);
      if (raw.dropped) this.drop(this.cards[n]);
    });
    this.#write();
  }
}
