// Merging: several events that tell of one thing. Shows those of the same kind near in time, and which of them stays.

import { h, text } from "../build.mjs";
import { lineOf } from "../lines.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { itemLine, shortTime, timeOf } from "./item.mjs";
import { isOk, request } from "./sending.mjs";

const LIMIT = 1000;
const HOUR_MS = 3_600_000;
/** How far apart two tellings of one thing may be. */
const NEAR_MS = { raid_report: 24 * HOUR_MS, strike: 24 * HOUR_MS, statement: 24 * HOUR_MS };
const MOST = 100;

/** Rows of the same kind near in time to one of them, the nearest first, each id once. */
export function similar(rows, { id, kind, at }) {
  const found = new Map();
  for (const row of rows) {
    if (row.kind !== kind || row.id === id || row.msg_type === "cancel") continue;
    const known = found.get(row.id);
    if (!known || row.revision > known.revision) found.set(row.id, row);
  }
  const apart = (row) => Math.abs(Date.parse(row.at) - at);
  return [...found.values()].filter((row) => apart(row) <= (NEAR_MS[kind] ?? 3 * HOUR_MS)).sort((a, b) => apart(a) - apart(b)).slice(0, MOST);
}

export async function merge(context) {
  const { words, ids, event } = context;
  const [id] = ids;
  const at = timeOf(event) ?? context.now();
  let rows = [];
  try {
    const { status, body } = await request("GET", `/api/v1/rows?limit=${LIMIT}`);
    if (isOk(status)) rows = body.rows ?? [];
  } catch {
    // What is selected can be merged without a list of what else there is.
  }
  const near = similar(rows, { id, kind: event?.kind ?? rows.find((row) => row.id === id)?.kind, at });
  for (const other of ids.slice(1)) {
    const row = rows.find((one) => one.id === other);
    if (!near.some((one) => one.id === other)) near.unshift(row ?? { id: other });
  }
  const dialog = new ActDialog(context, { name: "merge", item: ids.join(" ").slice(0, 200), title: words.say("act.merge"), about: words.say("act.merge.more"), size: "wide", word: "act.merge.send" });
  const list = h("div", "act-list");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", words.say("act.merge.which"));
  const rowLine = (row) => {
    if (!row.what) return row.id;
    const { subject, what } = lineOf({ kind: row.what, subject: row.subject ?? "", detail: row.detail ?? {} }, words);
    return [subject, what].filter(Boolean).join(" · ");
  };
  const into = field("choice", { words, path: "into", label: words.say("act.merge.into"), of: [[id, itemLine(event, words, id)], ...near.map((row) => [row.id, rowLine(row)])], wide: true });
  for (const row of near) {
    const tick = h("input", "");
    Object.assign(tick, { type: "checkbox", value: row.id, checked: ids.includes(row.id) });
    const more = [row.at && shortTime(Date.parse(row.at)), row.feed, row.claimant && words.claimant(row.claimant), row.grade, row.by].filter(Boolean).join(" · ");
    list.append(h("label", "act-row", tick, h("span", "act-row-text", h("span", "act-row-head", rowLine(row)), h("span", "act-row-more", more))));
  }
  if (!near.length) list.append(h("p", "act-empty", words.say("act.merge.none")));
  const note = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
  const error = h("p", "act-error");
  error.setAttribute("role", "alert");
  dialog.body.append(h("p", "act-label", words.say("act.merge.which")), list, error, h("div", "act-grid one", into.element, note.element));
  dialog.first = () => (list.querySelector("input") ?? dialog.cancel).focus();
  const ticked = () => [...list.querySelectorAll("input:checked")].map(({ value }) => value);
  const before = ticked().join(" ");
  dialog.touched = () => ticked().join(" ") !== before || Boolean(note.raw()) || into.raw() !== id;
  dialog.raw = () => ({ ticked: ticked(), into: into.raw(), note: note.raw() });
  dialog.restore = (raw) => {
    for (const tick of list.querySelectorAll("input")) tick.checked = raw.ticked.includes(tick.value);
    into.restore(raw.into);
    note.restore(raw.note);
  };
  dialog.anew = () => dialog.restore({ ticked: before.split(" "), into: id, note: "" });
  const others = () => [...new Set([id, ...ticked()])].filter((one) => one !== into.value());
  dialog.check = () => {
    text(error, others().length && (into.value() === id || ticked().includes(into.value())) ? "" : words.say(others().length ? "act.merge.not_ticked" : "act.merge.needed"));
    if (error.textContent) (others().length ? into : { focus: dialog.first }).focus();
    return !error.textContent;
  };
  list.addEventListener("input", () => text(error, ""));
  dialog.act = () => ({ act: "merge", into: into.value(), ids: others(), ...(note.value() ? { note: note.value() } : {}) });
  dialog.refused = ({ body }) => {
    if (body.parameter !== "ids" && body.parameter !== "into") return false;
    text(error, body.detail);
    dialog.first();
    return true;
  };
  return dialog.open();
}
