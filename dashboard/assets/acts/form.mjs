// A form of one event's own fields: made by its kind, filled from an event, read back as values by path.

import { h } from "../build.mjs";
import { field } from "./fields.mjs";
import { isoInstant } from "./instants.mjs";
import { fieldsOf } from "./kinds.mjs";
import { same, valueAt } from "./paths.mjs";
import { QuantitiesTable } from "./quantities.mjs";

const TRUTH = { true: "yes", false: "no" };

export class EventForm {
  fields = new Map();
  #table = null;

  /** context: as for acts. kind: of event, or `track`. compact: what states nothing is folded away where there is much of it. */
  constructor(context, kind, { compact = false } = {}) {
    Object.assign(this, { context, kind, compact, words: context.words });
    const { own, more } = fieldsOf(kind);
    const kept = (specs) => specs.map((spec) => this.#made(spec));
    const main = kept(own);
    const details = h("details", "act-more-fields", h("summary", "", this.words.say("act.more_fields")), h("div", "act-grid", ...kept(more)));
    this.details = details;
    this.element = h("div", "act-event", h("div", "act-grid", ...main), details);
  }

  /** All fields by path, those of the table among them. */
  get all() {
    return new Map([...this.fields, ...(this.#table?.fields ?? [])]);
  }

  get paths() {
    return [...this.all.keys()];
  }

  label(path) {
    return this.all.get(path)?.labelText ?? path;
  }

  #made(spec) {
    const { words, context } = this;
    if (spec.type === "quantities") {
      this.#table = new QuantitiesTable(words, { compact: this.compact });
      return this.#table.element;
    }
    const made = field(spec.type, {
      ...spec,
      words,
      label: words.say(`act.field.${spec.label ?? spec.path}`),
      of: spec.values?.map((value) => [value, words.say(value === "" ? "act.not_stated" : spec.words(value))]),
      plain: spec.truth ? (value) => value === "yes" : spec.whole && spec.type === "choice" ? Number : undefined,
      now: context.now,
      pick: context.pickPosition,
      last: context.position ?? null,
    });
    made.spec = spec;
    // What an event says by not saying it.
    made.absent = spec.type === "tick" ? false : spec.values?.[0] || undefined;
    this.fields.set(spec.path, made);
    return made.element;
  }

  /** The instant on the clock stands in the fields that most often mean it. */
  begin() {
    for (const made of this.fields.values()) if (made.spec.now) made.set(minuteOf(this.context.now()));
  }

  /** Take in an event: every field shows what it says. */
  set(event) {
    for (const [path, made] of this.fields) {
      const value = valueAt(event, path);
      made.set(made.spec.truth ? TRUTH[value] : value);
    }
    this.#table?.set(event);
    const seldom = [...this.fields.values()].filter((made) => this.details.contains(made.element) && !made.spec.common);
    if (seldom.some((made) => !same(made.value() ?? made.absent, made.absent))) this.details.open = true;
  }

  /** One field's value, as an event has it. */
  put(path, value) {
    this.#table?.reveal(path);
    const made = this.all.get(path);
    made?.set(made.spec?.truth ? TRUTH[value] : value);
  }

  /** Path to value, of what is stated. */
  values() {
    return Object.fromEntries([...this.all].map(([path, made]) => [path, made.value()]).filter(([, value]) => value !== undefined));
  }

  /** Path to value (null: taken away) of what differs from an event. */
  changes(event) {
    const changed = {};
    for (const [path, made] of this.all) {
      const value = made.value();
      if (!same(value ?? made.absent, valueAt(event, path) ?? made.absent)) changed[path] = value ?? null;
    }
    return changed;
  }

  /** Show each field's own errors; whether there were none. The first of them has the focus. */
  check() {
    let first = null;
    for (const made of this.all.values()) {
      const said = made.problem();
      made.raise(said);
      if (said) first ??= made;
    }
    if (first) this.#go(first);
    return first === null;
  }

  #go(made) {
    if (this.details.contains(made.element)) this.details.open = true;
    this.#table?.reveal(made.path);
    made.focus();
  }

  /** Say an error of the server's at the field that it is about; whether there is such a field. */
  raise(parameter, said) {
    const path = parameter.replace(/^\$?\.?(event|changes|track|tracks\[?\.?0\]?)\.?/, "").replace(/\[(\d+)\]/g, ".$1");
    const all = this.all;
    const found = all.get(path) ?? [...all].filter(([known]) => path.startsWith(`${known}.`) || known.startsWith(`${path}.`)).map(([, made]) => made)[0];
    const made = found ?? (/^(lon|lat)$/.test(path) ? all.get("position") : undefined);
    if (!made) return false;
    made.raise(said);
    this.#go(made);
    return true;
  }

  focus() {
    this.fields.values().next().value?.focus();
  }

  raw() {
    return Object.fromEntries([...this.all].map(([path, made]) => [path, made.raw()]));
  }

  restore(raw) {
    for (const [path, typed] of Object.entries(raw)) {
      if (/\.types\./.test(path)) this.#table?.reveal(path);
      this.all.get(path)?.restore(typed);
      if (this.all.get(path)?.value() !== undefined) this.#table?.reveal(path);
    }
  }
}

/** The beginning of the minute: nobody on watch states seconds. */
const minuteOf = (ms) => isoInstant(Math.floor(ms / 60_000) * 60_000);
