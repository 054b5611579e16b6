// Two people at one item: what the other changed beside what was typed here, and what to do about it.

import { h } from "../build.mjs";
import { zuluSeconds } from "../clock.mjs";
import { line } from "../count.mjs";
import { nameOf } from "./names.mjs";
import { same, valueAt } from "./paths.mjs";
import { echoedPosition } from "./positions.mjs";
import { shortTime } from "./item.mjs";

const COUNT = ["value", "min", "max", "qualifier"];

/** A value of an event as a person reads it. made: the form's field for it, which knows its type. */
export function valueWords(value, made, words) {
  if (value === undefined || value === null || value === "") return words.say("act.not_stated");
  const { spec } = made ?? {};
  if (typeof value === "boolean") return words.say(value ? "act.stated.yes" : "act.stated.no");
  if (Array.isArray(value)) return value.map((one) => valueWords(one, made, words)).join(", ");
  if (typeof value === "object") {
    if (Object.hasOwn(value, "lon")) return echoedPosition(value);
    return Object.keys(value).every((key) => COUNT.includes(key)) ? line(value, words) : JSON.stringify(value);
  }
  if (spec?.type === "pick") return nameOf(words, spec.kind, value);
  if (spec?.type === "choice" && spec.words && words.has(spec.words(value))) return words.say(spec.words(value));
  if (spec?.type === "instant" || /^\d{4}-\d{2}-\d{2}T/.test(String(value))) return shortTime(Date.parse(value));
  return String(value);
}

/**
 * The notice that an item is not what the form began with.
 * theirs: { event, by, feed, revision, received_at }. rows: [{ path, theirs, yours, both }].
 * take(), apply(): what the two buttons do.
 */
export function notice({ words, form, theirs, rows, take, apply }) {
  const who = theirs.by || theirs.feed || words.say("act.changed.somebody");
  const at = theirs.received_at ? zuluSeconds(Date.parse(theirs.received_at)) : "";
  const head = h("p", "act-notice-head", words.say(at ? "act.changed.by_at" : "act.changed.by", { who, at, revision: theirs.revision }));
  const button = (key, act) => {
    const made = h("button", "act-button", words.say(key));
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const heading = (said) => {
    const cell = h("th", "", said);
    cell.scope = "col";
    return cell;
  };
  const table = h(
    "table",
    "act-beside",
    h("thead", "", h("tr", "", heading(words.say("act.changed.field")), heading(words.say("act.changed.theirs", { who })), heading(words.say("act.changed.yours")))),
    h("tbody", "", ...rows.map(({ path, theirs: their, yours, both }) => {
      const made = form.all.get(path);
      const name = h("th", "", form.label(path));
      name.scope = "row";
      return h("tr", both ? "both" : "", name, h("td", "", valueWords(their, made, words)), h("td", "", yours === undefined ? words.say("act.changed.untouched") : valueWords(yours, made, words)));
    })),
  );
  return [
    head,
    rows.length ? table : h("p", "", words.say("act.changed.elsewhere")),
    h("div", "act-buttons", button("act.changed.take", take), button("act.changed.apply", apply)),
  ];
}

/** What differs: of the event that the form began with, theirs, and the form's own changes. */
export function beside(form, base, theirs, mine) {
  const rows = [];
  for (const path of form.paths) {
    const [was, now] = [valueAt(base, path), valueAt(theirs, path)];
    const changed = !same(was, now);
    if (changed || Object.hasOwn(mine, path)) {
      const yours = Object.hasOwn(mine, path) ? mine[path] : undefined;
      rows.push({ path, theirs: now, yours, both: changed && yours !== undefined && !same(now, yours) });
    }
  }
  return rows;
}
