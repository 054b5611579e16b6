// The fields of forms. Each has an element, a value (undefined where nothing is stated), what was typed, and its own errors.

import { h, text } from "../build.mjs";
import { dateTimeGroup } from "../clock.mjs";
import { HEDGES, joined, split } from "./counts.mjs";
import { isoInstant, parseInstant, writtenInstant } from "./instants.mjs";
import { echoedPosition, parsePosition, writtenPosition } from "./positions.mjs";
import { Pick } from "./pick.mjs";

let serial = 0;

/** The frame that every field has: label, control, what it was understood as, and what is wrong with it. */
class Field {
  /** words. path: of the event's value. label: text. needed: it may not be left out. */
  constructor({ words, path, label, needed = false, wide = false, note = "" }) {
    Object.assign(this, { words, path, labelText: label, needed });
    this.id = `act-f${(serial += 1)}`;
    this.label = h("label", "act-label", label, needed && h("span", "act-needed", ` ${words.say("act.needed")}`));
    this.label.htmlFor = this.id;
    this.echo = h("p", "act-echo", note);
    this.echo.id = `${this.id}-echo`;
    this.error = h("p", "act-error");
    this.error.id = `${this.id}-error`;
    this.mark = h("span", "act-mark");
    this.mark.hidden = true;
    this.holder = h("div", "act-control");
    this.element = h("div", `act-field${wide ? " wide" : ""}`, h("div", "act-label-line", this.label, this.mark), this.holder, this.echo, this.error);
    this.element.dataset.path = path;
    this.element.addEventListener("input", () => this.heard());
  }

  put(control, ...more) {
    control.id = this.id;
    control.setAttribute("aria-describedby", `${this.echo.id} ${this.error.id}`);
    if (this.needed) control.setAttribute("aria-required", "true");
    this.control = control;
    this.holder.append(control, ...more);
  }

  /** After every change: the echo is written anew, an old error goes. */
  heard() {
    this.raise("");
    const said = this.understood();
    if (said !== null) text(this.echo, said);
  }

  understood() {
    return null;
  }

  /** What is wrong with what was typed, in words, or "". */
  problem() {
    if (this.bad()) return this.words.say("act.error.unreadable");
    return this.needed && this.value() === undefined ? this.words.say("act.error.needed") : "";
  }

  bad() {
    return false;
  }

  raise(said) {
    text(this.error, said);
    this.element.classList.toggle("wrong", Boolean(said));
    if (said) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }

  /** A word beside the label: that it was mended, or changed by somebody else. */
  say(said) {
    text(this.mark, said);
    this.mark.hidden = !said;
  }

  focus() {
    this.control.focus();
  }

  raw() {
    return this.control.value;
  }

  restore(raw) {
    this.control.value = raw;
    this.heard();
  }
}

class TextField extends Field {
  constructor(options) {
    super(options);
    const control = h(options.rows ? "textarea" : "input", "act-input");
    if (options.rows) control.rows = options.rows;
    else Object.assign(control, { type: "text", autocomplete: "off" });
    this.most = options.most ?? 1000;
    // A long text that was pasted is not cut: that it is too long is said.
    if (!options.rows) control.maxLength = this.most;
    this.put(control);
  }

  problem() {
    const n = this.control.value.length;
    if (n <= this.most) return super.problem();
    return this.words.say("act.error.too_long", { n: this.words.number(n), most: this.words.number(this.most) });
  }

  value() {
    return this.control.value.trim() || undefined;
  }

  set(value) {
    this.control.value = value ?? "";
    this.heard();
  }
}

/** Several short texts, with commas between them. */
class LinesField extends TextField {
  value() {
    const lines = this.control.value.split(/[,;\n]/).map((line) => line.trim()).filter(Boolean);
    return lines.length ? lines : undefined;
  }

  set(value) {
    this.control.value = (value ?? []).join(", ");
    this.heard();
  }
}

class NumberField extends Field {
  constructor(options) {
    super(options);
    const { min = -Infinity, max = Infinity, whole = false } = options;
    Object.assign(this, { min, max, whole });
    const control = h("input", "act-input short");
    Object.assign(control, { type: "text", inputMode: "decimal", autocomplete: "off" });
    this.put(control, options.unit ? h("span", "act-unit", options.unit) : "");
  }

  #number() {
    const typed = this.control.value.trim().replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return typed === "" ? undefined : /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : NaN;
  }

  bad() {
    const n = this.#number();
    return n !== undefined && !(n >= this.min && n <= this.max && (!this.whole || Number.isInteger(n)));
  }

  value() {
    return this.bad() ? undefined : this.#number();
  }

  set(value) {
    this.control.value = value ?? "";
    this.heard();
  }
}

class ChoiceField extends Field {
  constructor(options) {
    super(options);
    const control = h("select", "act-input", ...options.of.map(([value, said]) => {
      const option = h("option", "", said);
      option.value = value;
      return option;
    }));
    this.plain = options.plain ?? ((value) => value);
    this.put(control);
    this.control.value = options.of[0][0];
  }

  value() {
    const chosen = this.control.value;
    return chosen === "" ? undefined : this.plain(chosen);
  }

  set(value) {
    this.control.value = value === undefined || value === null ? "" : String(value);
    if (this.control.selectedIndex < 0) this.control.selectedIndex = 0;
    this.heard();
  }
}

class TickField extends Field {
  constructor(options) {
    super(options);
    const control = h("input", "act-tick");
    control.type = "checkbox";
    this.put(control);
    this.element.classList.add("tick");
  }

  value() {
    return this.control.checked || undefined;
  }

  set(value) {
    this.control.checked = Boolean(value);
    this.heard();
  }

  raw() {
    return this.control.checked;
  }

  restore(raw) {
    this.set(raw);
  }
}

/** now(): the instant that the screen shows, in milliseconds. */
class InstantField extends Field {
  #original = null;

  constructor(options) {
    super(options);
    this.now = options.now;
    const control = h("input", "act-input");
    Object.assign(control, { type: "text", autocomplete: "off", spellcheck: false, placeholder: "0310Z" });
    const now = h("button", "act-small", this.words.say("act.now"));
    now.type = "button";
    now.setAttribute("aria-label", this.words.say("act.now_for", { label: options.label }));
    now.addEventListener("click", () => {
      this.set(isoInstant(this.now()));
      this.element.dispatchEvent(new Event("input", { bubbles: true }));
      this.control.focus();
    });
    this.put(control, now);
  }

  #ms() {
    const typed = this.control.value.trim();
    return typed ? parseInstant(typed, this.now()) : undefined;
  }

  bad() {
    return this.#ms() === null;
  }

  value() {
    const ms = this.#ms();
    if (ms === undefined || ms === null) return undefined;
    // What was not touched keeps its fractions of a second.
    return this.#original && this.control.value === this.#original.shown ? this.#original.value : isoInstant(ms);
  }

  set(value) {
    const shown = value ? writtenInstant(Date.parse(value)) : "";
    this.#original = value ? { value, shown } : null;
    this.control.value = shown;
    this.heard();
  }

  understood() {
    const ms = this.#ms();
    if (ms === undefined || ms === null) return "";
    const ago = this.now() - ms;
    const age = this.words.age(Math.abs(ago));
    return this.words.say(ago < -30_000 ? "act.instant.ahead" : "act.instant.ago", { dtg: dateTimeGroup(ms), age });
  }
}

/** A day: the morning of the night that a report is of. */
class DayField extends TextField {
  bad() {
    const typed = this.control.value.trim();
    return typed !== "" && (!/^\d{4}-\d{2}-\d{2}$/.test(typed) || Number.isNaN(Date.parse(`${typed}T00:00:00Z`)));
  }
}

class PickField extends Field {
  constructor(options) {
    super(options);
    const { words, kind, many = false, free = null, label } = options;
    Object.assign(this, { many, free });
    this.pick = new Pick({ words, kind, many, free, label, describedby: `${this.echo.id} ${this.error.id}` });
    this.control = this.pick.input;
    this.control.id = this.id;
    if (this.needed) this.control.setAttribute("aria-required", "true");
    this.holder.append(this.pick.element);
  }

  bad() {
    return Boolean(this.pick.loose) && !this.free?.test(this.pick.loose);
  }

  problem() {
    return this.bad() ? this.words.say("act.error.not_known") : super.problem();
  }

  value() {
    const { keys, loose } = this.pick;
    const all = loose && this.free?.test(loose) ? [...keys, loose.toUpperCase()] : keys;
    if (!all.length) return undefined;
    return this.many ? all : all[0];
  }

  set(value) {
    this.pick.set(value === undefined || value === null || value === "" ? [] : [value].flat());
    this.heard();
  }

  raw() {
    return { keys: this.pick.keys, typed: this.pick.loose };
  }

  restore(raw) {
    this.pick.set(raw.keys);
    if (raw.typed) this.pick.type(raw.typed);
    this.heard();
  }
}

/** pick(): lets the person point at the map; absent where there is no map. last: what the map was last clicked at. */
class PositionField extends Field {
  #original = null;

  constructor(options) {
    super(options);
    const control = h("input", "act-input");
    Object.assign(control, { type: "text", autocomplete: "off", spellcheck: false, placeholder: "50.85, 24.71 · 35U LS 38802 35643" });
    const buttons = [];
    const add = (key, act) => {
      const button = h("button", "act-small", this.words.say(key));
      button.type = "button";
      button.addEventListener("click", act);
      buttons.push(button);
    };
    const take = (point) => {
      if (point) {
        this.set(point);
        this.element.dispatchEvent(new Event("input", { bubbles: true }));
      }
      this.control.focus();
    };
    if (options.pick) add("act.position.pick", async () => take(await options.pick()));
    if (options.last) add("act.position.last", () => take(options.last));
    this.put(control, ...buttons);
  }

  #point() {
    const typed = this.control.value.trim();
    return typed ? parsePosition(typed) : undefined;
  }

  bad() {
    return this.#point() === null;
  }

  value() {
    if (this.#original && this.control.value === this.#original.shown) return this.#original.value;
    const point = this.#point();
    return point ? { lon: Number(point.lon.toFixed(6)), lat: Number(point.lat.toFixed(6)) } : undefined;
  }

  set(value) {
    const shown = value ? writtenPosition(value) : "";
    this.#original = value ? { value, shown } : null;
    this.control.value = shown;
    this.heard();
  }

  understood() {
    const point = this.#point();
    return point ? echoedPosition(point) : "";
  }
}

/** A figure and its hedge. Small: in a table, where the column and the row are its label. */
export class CountField extends Field {
  #before;

  constructor(options) {
    super(options);
    const { words, label } = options;
    const hedge = h("select", "act-hedge", ...HEDGES.map(([name]) => {
      const option = h("option", "", words.say(`act.hedge.${name.replace(" ", "_")}`));
      option.value = name;
      return option;
    }));
    hedge.setAttribute("aria-label", words.say("act.hedge_of", { label }));
    this.hedge = hedge;
    const control = h("input", "act-input figure");
    Object.assign(control, { type: "text", inputMode: "numeric", autocomplete: "off" });
    this.put(control);
    this.holder.prepend(hedge);
    this.holder.classList.add("act-count");
  }

  bad() {
    return joined(this.hedge.value, this.control.value, this.#before) === null;
  }

  value() {
    return joined(this.hedge.value, this.control.value, this.#before) ?? undefined;
  }

  set(value) {
    this.#before = value ?? undefined;
    const { hedge, number } = split(value);
    this.hedge.value = hedge;
    this.control.value = number;
    this.heard();
  }

  raw() {
    return { hedge: this.hedge.value, number: this.control.value };
  }

  restore(raw) {
    this.hedge.value = raw.hedge;
    this.control.value = raw.number;
    this.heard();
  }

  heard() {
    this.hedge?.classList.toggle("plain", this.hedge.value === "exact");
    super.heard();
  }
}

const MADE = {
  text: TextField,
  lines: LinesField,
  number: NumberField,
  choice: ChoiceField,
  tick: TickField,
  instant: InstantField,
  day: DayField,
  pick: PickField,
  position: PositionField,
  count: CountField,
};

/** A field by its type; options as its class takes them. */
export function field(type, options) {
  return new MADE[type](options);
}

/** Whether nothing is wrong with any of these fields. Each says what is; the first that is wrong has the focus. */
export function areFit(fields) {
  const wrong = fields.filter((one) => {
    const said = one.problem();
    one.raise(said);
    return said;
  });
  wrong[0]?.focus();
  return !wrong.length;
}

/** A refusal of the server's said at the field that it is about; false where there is none. fields: by parameter. */
export function raised(fields, { parameter = "", detail = "" }) {
  const found = Object.hasOwn(fields, parameter) ? fields[parameter] : null;
  found?.raise(detail);
  found?.focus();
  return found !== null;
}
