// Takes an act back: any entry of the log that was not undone yet.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { shortTime } from "./item.mjs";

const MOST = 60;

/** The entries that can be taken back, the newest first: [{ id, at, act, by, about, note }]. */
export function undoable(tree) {
  return Object.entries(tree?.log ?? {})
    .map(([key, entry]) => ({ ...entry, id: entry.id ?? key }))
    .filter((entry) => !entry.undone && !entry.undone_by && entry.act !== "audit")
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MOST);
}

export function undo(context) {
  const { words, log } = context;
  const dialog = new ActDialog(context, { name: "undo", title: words.say("act.undo"), about: words.say("act.undo.more"), word: "act.undo.send" });
  const entries = undoable(context.tree);
  if (log && !entries.some(({ id }) => id === log)) entries.unshift({ id: log, ...(context.logEntry ?? {}) });
  const list = h("div", "act-list");
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-label", words.say("act.undo.which"));
  for (const [n, { id, at, act, by, about, note }] of entries.entries()) {
    const radio = h("input", "");
    Object.assign(radio, { type: "radio", name: "log", value: id, checked: log ? id === log : n === 0 });
    const said = [act && words.say(`act.log.${act}`), by, at && shortTime(Date.parse(at))].filter(Boolean).join(" · ");
    list.append(h("label", "act-row", radio, h("span", "act-row-text", h("span", "act-row-head", said || id), h("span", "act-row-more", note || about || ""))));
  }
  if (!entries.length) list.append(h("p", "act-empty", words.say("act.undo.none")));
  dialog.send.disabled = !entries.length;
  dialog.body.append(list);
  dialog.first = () => (list.querySelector("input:checked") ?? dialog.cancel).focus();
  dialog.act = () => {
    const id = list.querySelector("input:checked")?.value;
    return id ? { act: "undo", id } : null;
  };
  // It is undone, whoever did it: by us in a send whose answer was lost, or by somebody else just now.
  dialog.forgiven = ({ status, body }) => status === 409 && String(body.type).endsWith(":undone");
  return dialog.open();
}
