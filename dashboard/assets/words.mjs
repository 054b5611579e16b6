// The page's words and the theatre's names, in the page's language. Nothing else here knows any language.

import { derived } from "./regions.mjs";

/** The last number of what stands for one: "nearly 1,480" is of 1480. */
function numberOf(value) {
  if (typeof value === "number") return value;
  const digits = /\d[\d\s.,]*$/.exec(String(value ?? ""))?.[0].replace(/\D/g, "");
  return digits ? Number(digits) : null;
}

/** Whether an age is that of something still to come; our clock and a source's differ by a little. */
export const isAhead = (ms) => ms < -1500;

/**
 * catalogue: key to text with {places}; for words that a number `n` stands by also key|one, key|few … by what
 * Intl.PluralRules calls that number. atlas: the theatre in that language.
 */
export class Words {
  #changed = new Set();

  constructor(catalogue, atlas) {
    this.#take(catalogue, atlas);
  }

  /** Speak another language: every view that holds this object does. */
  replace(catalogue, atlas) {
    this.#take(catalogue, atlas);
    for (const change of this.#changed) change();
  }

  /** Be told when the language is another. */
  onChange(listener) {
    this.#changed.add(listener);
  }

  #take(catalogue, atlas) {
    this.catalogue = catalogue;
    this.atlas = atlas;
    this.lang = atlas?.lang ?? "en";
    this.plural = new Intl.PluralRules(this.lang);
  }

  /** The words for a key, filled in. A key that is missing is shown as itself: that is seen and mended. */
  say(key, values = {}) {
    const text = this.#form(key, values.n) ?? (Object.hasOwn(this.catalogue, key) ? this.catalogue[key] : key);
    return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
  }

  /** The words for a key as they follow a number; undefined where they do not depend on it. */
  #form(key, value) {
    const number = value === undefined ? null : numberOf(value);
    const form = number === null ? "" : `${key}|${this.plural.select(number)}`;
    return Object.hasOwn(this.catalogue, form) ? this.catalogue[form] : undefined;
  }

  has(key) {
    return Object.hasOwn(this.catalogue, key);
  }

  region(key) {
    return this.#named("regions", key)?.label ?? this.#named("groups", key)?.name ?? this.#derived(key) ?? this.country(key);
  }

  /** The first of a list of region keys by name: "Lviv, Volyn +3". */
  regions(keys, most = 4) {
    const names = keys.slice(0, most).map((key) => this.region(key)).join(", ");
    return keys.length > most ? this.say("unit.more", { names, n: keys.length - most }) : names;
  }

  country(key) {
    return this.#named("countries", key)?.name ?? key;
  }

  /** "Polish" of "PL"; the country's name where the catalogue has no such word. */
  national(key) {
    return this.has(`national.${key}`) ? this.say(`national.${key}`) : this.country(key);
  }

  base(key) {
    return this.#named("bases", key)?.name ?? key;
  }

  /** What to call a time zone: by the catalogue, else by its own city. */
  zone(name) {
    return this.has(`zone.${name}`) ? this.say(`zone.${name}`) : name.split("/").pop().replaceAll("_", " ");
  }

  weapon(key) {
    return this.#named("weapons", key)?.name ?? key;
  }

  claimant(key) {
    return this.#named("claimants", key)?.name ?? key;
  }

  /** The name of whatever a key of the theatre stands for, or the key itself: it may be a name already. */
  subject(key) {
    for (const kind of ["regions", "groups", "countries", "places", "bases", "claimants"]) {
      const found = this.#named(kind, key);
      if (found) return found.label ?? found.name;
    }
    return this.#derived(key) ?? key;
  }

  /** "48 s", "12 min", "3 h 05", "4 d". */
  age(ms) {
    if (isAhead(ms)) return this.say("unit.ahead", { age: this.age(-ms) });
    const s = Math.max(0, Math.round(ms / 1000));
    if (s < 90) return this.say("unit.s", { n: s });
    const m = Math.round(s / 60);
    if (m < 60) return this.say("unit.min", { n: m });
    if (m < 48 * 60) return this.say("unit.h_min", { h: Math.floor(m / 60), min: String(m % 60).padStart(2, "0") });
    return this.say("unit.d", { n: Math.round(m / 1440) });
  }

  /** "1 Jun" of an ISO date. */
  date(iso) {
    const at = Date.parse(`${iso}T12:00:00Z`);
    if (Number.isNaN(at)) return "";
    return new Intl.DateTimeFormat(this.lang === "en" ? "en-GB" : this.lang, {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    }).format(at);
  }

  /** "12,345" in the page's language. digits: after the decimal sign, so many exactly. */
  number(n, digits) {
    const exactly = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.lang, exactly).format(n);
  }

  /** "Umanska hromada" of a key that was made from names. */
  #derived(key) {
    const found = derived(key);
    return found ? this.say(`level.${found.level}`, { name: found.name }) : undefined;
  }

  #named(kind, key) {
    const all = this.atlas?.[kind];
    return all && Object.hasOwn(all, key) ? all[key] : undefined;
  }
}
