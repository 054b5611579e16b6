// Takes an act back: any entry of the log that was not undone yet.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { shortTime } from "./item.mjs";
import { listen } from "./watch.mjs";

const MOST = 60;

/** The entries that can be taken back, the newest first: [{ id, at, act, by, about, note }]. */
function undoable(tree) {
  return Object.entries(tree?.log ?? {})
    .map(([key, entry]) => ({ ...entry, id: entry.id ?? key }))
    .filter((entry) => !entry.undone && !entry.undone_by && entry.act !== "audit")
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MOST);
}

export function undo(context) {
  const { words, log } = context;
  const dialog = new ActDialog(context, { name: "undo", title: words.say("act.undo"), about: words.say("act.undo.more"), word: "act.undo.send" });
  const list = h("div", "act-list");
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-label", words.say("act.undo.which"));
  let chosen = log;
  let shown = null;
  const show = () => {
    const tree = context.station?.tree ?? context.tree;
    if (tree?.log === shown) return;
    shown = tree?.log ?? null;
    const entries = undoable(tree);
    if (log && !entries.some(({ id }) => id === log)) entries.unshift({ id: log, ...(context.logEntry ?? {}) });
    // One's own last act, until another is chosen: what a colleague does meanwhile is never taken for it.
    const at = entries.findIndex(({ id, by }) => (chosen ? id === chosen : by === context.person?.name));
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(
      ...entries.map(({ id, at: when, act, by, about, note }, n) => {
        const radio = h("input", "");
        Object.assign(radio, { type: "radio", name: "log", value: id, checked: n === at });
        const said = [act && words.say(`act.log.${act}`), by, when && shortTime(Date.parse(when))].filter(Boolean).join(" · ");
        return h("label", "act-row", radio, h("span", "act-row-text", h("span", "act-row-head", said || id), h("span", "act-row-more", note || about || "")));
      }),
    );
    if (!entries.length) list.append(h("p", "act-empty", words.say("act.undo.none")));
    dialog.send.disabled = !entries.length;
    if (hadFocus) dialog.first();
  };
  // An act of this very moment is not in the list yet: it comes with the picture.
  dialog.ended = listen(context.station, show);
  list.addEventListener("change", () => {
    chosen = list.querySelector("input:checked")?.value ?? "";
  });
  dialog.body.append(list);
  show();
  dialog.first = () => (list.querySelector("input:checked") ?? list.querySelector("input") ?? dialog.cancel).focus();
  dialog.act = () => {
    const id = list.querySelector("input:checked")?.value;
    return id ? { act: "undo", id } : null;
  };
  // It is undone, whoever did it: by us in a send whose answer was lost, or by somebody else just now.
  dialog.forgiven = ({ status, body }) => status === 409 && String(body.type).endsWith(":undone");
  return dialog.open();
}
