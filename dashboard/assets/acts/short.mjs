// The short acts: acknowledge, note, bookmark. One or two fields, sent by Enter or Ctrl+Enter.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { areFit, field, raised } from "./fields.mjs";
import { isoInstant } from "./instants.mjs";
import { aboutLine } from "./item.mjs";

/** A dialog of a few fields by name. values(): the act of what they say. */
function small(context, { name, title, about, size, fields, values, word }) {
  const dialog = new ActDialog(context, { name, item: context.ids.join(" ").slice(0, 200), title, about: about ?? aboutLine(context), size, word });
  const all = Object.fromEntries(fields.map(({ type, ...options }) => [options.path, field(type, { words: context.words, now: context.now, ...options })]));
  const list = Object.values(all);
  for (const { path, value } of fields) if (value !== undefined) all[path].set(value);
  dialog.body.append(h("div", "act-grid one", ...list.map(({ element }) => element)));
  const blank = list.map((one) => JSON.stringify(one.raw()));
  dialog.touched = () => list.some((one, n) => JSON.stringify(one.raw()) !== blank[n]);
  dialog.raw = () => Object.fromEntries(list.map((one) => [one.path, one.raw()]));
  dialog.restore = (raw) => list.forEach((one) => Object.hasOwn(raw, one.path) && one.restore(raw[one.path]));
  dialog.anew = () => list.forEach((one, n) => one.restore(JSON.parse(blank[n])));
  dialog.check = () => areFit(list);
  dialog.refused = ({ body }) => raised(all, body);
  dialog.act = () => values(Object.fromEntries(list.map((one) => [one.path, one.value()])));
  return dialog.open();
}

export function acknowledge(context) {
  const { words, ids } = context;
  return small(context, {
    name: "acknowledge",
    title: words.say("act.ack"),
    size: "short",
    word: "act.ack",
    fields: [{ type: "text", path: "note", label: words.say("act.comment"), most: 1000 }],
    values: ({ note }) => ({ act: "ack", about: ids, ...(note ? { note } : {}) }),
  });
}

export function note(context) {
  const { words, ids } = context;
  return small(context, {
    name: "note",
    title: words.say("act.note"),
    about: ids.length ? undefined : words.say("act.note.general"),
    word: "act.note.send",
    fields: [{ type: "text", path: "note", label: words.say("act.note.text"), rows: 5, most: 9_000, needed: true }],
    values: ({ note: said }) => ({ act: "note", ...(ids.length ? { about: ids } : {}), note: said }),
  });
}

export function bookmark(context) {
  const { words } = context;
  const now = isoInstant(context.now());
  const view = context.view?.();
  return small(context, {
    name: "bookmark",
    title: words.say("act.bookmark"),
    about: words.say("act.bookmark.more"),
    word: "act.bookmark.send",
    fields: [
      { type: "text", path: "title", label: words.say("act.bookmark.title"), most: 200, needed: true },
      { type: "instant", path: "at", label: words.say("act.bookmark.at"), needed: true, value: now },
      { type: "text", path: "note", label: words.say("act.bookmark.note"), rows: 3, most: 9_000 },
    ],
    values: ({ title, at, note: said }) => ({ act: "bookmark", title, at, ...(said ? { note: said } : {}), ...(view === undefined ? {} : { view }) }),
  });
}
