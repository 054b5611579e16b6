// The figures of a raid report as a table: what became of how many, by class, and by type of weapon below.

import { h } from "../build.mjs";
import { CountField, field } from "./fields.mjs";

const OUTCOMES = ["launched", "shot_down", "suppressed", "neutralised", "not_reached", "hits", "left_airspace", "still_airborne"];
const CLASSES = ["uav", "missile", "total"];

/** The fields are by path; `types` come and go with what is picked. Fires `input` when a type is added or taken away. */
export class QuantitiesTable {
  fields = new Map();
  #rows = new Map();
  #outcomes = new Map();

  /** compact: rows that state nothing are folded away until they are asked for. */
  constructor(words, { compact = false } = {}) {
    this.words = words;
    this.compact = compact;
    const head = h("tr", "", h("th", "", words.say("act.quantities.what")), ...CLASSES.map((name) => this.#head(words.say(`act.class.${name}`))));
    const body = h("tbody", "");
    for (const outcome of OUTCOMES) {
      const name = words.say(`act.outcome.${outcome}`);
      const row = h("tr", "", this.#head(name, "row"));
      this.#outcomes.set(outcome, row);
      for (const of of CLASSES) row.append(h("td", "", this.#cell(`${outcome}.${of}`, `${name}, ${words.say(`act.class.${of}`)}`)));
      body.append(row);
    }
    const table = h("table", "act-figures", h("thead", "", head), body);
    table.append(h("caption", "", words.say("act.quantities.title")));
    this.types = h("div", "act-types");
    this.adder = this.#adder();
    this.unfold = h("button", "act-small", words.say("act.quantities.all"));
    this.unfold.type = "button";
    this.unfold.hidden = true;
    this.unfold.addEventListener("click", () => {
      this.#fold(false);
      table.querySelector("tr:not([hidden]) input")?.focus();
    });
    this.element = h("div", "act-quantities", table, this.types, this.unfold, this.adder);
  }

  #fold(isFolded) {
    for (const [outcome, row] of this.#outcomes) {
      row.hidden = isFolded && !CLASSES.some((of) => this.fields.get(`${outcome}.${of}`).value() !== undefined);
    }
    this.adder.hidden = isFolded;
    this.unfold.hidden = !isFolded;
  }

  #head(said, scope = "col") {
    const cell = h("th", "", said);
    cell.scope = scope;
    return cell;
  }

  #cell(path, label) {
    const made = new CountField({ words: this.words, path, label });
    made.element.classList.add("cell");
    this.fields.set(path, made);
    return made.element;
  }

  #adder() {
    const { words } = this;
    const outcome = field("choice", { words, path: "", label: words.say("act.quantities.outcome"), of: OUTCOMES.map((name) => [name, words.say(`act.outcome.${name}`)]) });
    const weapon = field("pick", { words, path: "", label: words.say("act.quantities.type"), kind: "weapon" });
    const add = h("button", "act-small", words.say("act.quantities.add"));
    add.type = "button";
    add.addEventListener("click", () => {
      const key = weapon.value();
      if (key === undefined) return weapon.focus();
      const path = `${outcome.value()}.types.${key}`;
      this.#type(path);
      weapon.set(undefined);
      this.element.dispatchEvent(new Event("input", { bubbles: true }));
      return this.fields.get(path).focus();
    });
    return h("div", "act-adder", outcome.element, weapon.element, add);
  }

  #type(path) {
    if (this.fields.has(path)) return;
    const { words } = this;
    const [outcome, , key] = path.split(".");
    const label = words.say("act.quantities.of_type", { weapon: words.weapon(key), outcome: words.say(`act.outcome.${outcome}`) });
    const made = new CountField({ words, path, label });
    this.fields.set(path, made);
    const gone = h("button", "act-small", words.say("act.remove"));
    gone.type = "button";
    gone.setAttribute("aria-label", words.say("act.pick.remove", { name: label }));
    const row = h("div", "act-type", made.element, gone);
    gone.addEventListener("click", () => {
      made.set(undefined);
      row.hidden = true;
      row.dispatchEvent(new Event("input", { bubbles: true }));
      this.types.parentElement.querySelector(".act-adder input")?.focus();
    });
    this.#rows.set(path, row);
    this.types.append(row);
  }

  /** Take in an event's figures; the fields of types appear as they are stated. */
  set(event) {
    for (const outcome of OUTCOMES) for (const key of Object.keys(event[outcome]?.types ?? {})) this.reveal(`${outcome}.types.${key}`);
    for (const [path, made] of this.fields) {
      const [outcome, of, key] = path.split(".");
      made.set(key === undefined ? event[outcome]?.[of] : event[outcome]?.types?.[key]);
    }
    if (this.compact) this.#fold(true);
  }

  /** Make a field visible that is to be filled or looked at. */
  reveal(path) {
    if (/\.types\./.test(path)) {
      this.#type(path);
      this.#rows.get(path).hidden = false;
    } else {
      const row = this.#outcomes.get(path.split(".")[0]);
      if (row) row.hidden = false;
    }
  }
}
