// The log: what operators did, the newest first, as rows of a list.

import { zulu } from "../clock.mjs";

/** Acts that another act can take back. */
const UNDOABLE = new Set(["ack", "note", "correction", "retraction", "merge", "bookmark"]);

/** What was done, in words: "acknowledged". */
export const actWord = (act, words) => (words.has(`act.log.${act}`) ? words.say(`act.log.${act}`) : act);

/** The name of what an act was about: by the ids of the picture's own items, else the id. */
export function logRows(tree, words) {
  return Object.entries(tree.log ?? {})
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([key, entry]) => ({
      key: `log|${key}`,
      ids: [entry.about, ...(entry.others ?? [])].filter(Boolean),
      tone: entry.undone ? "other" : "log",
      time: zulu(Date.parse(entry.at)),
      label: `${entry.by} ${actWord(entry.act, words)}`,
      sub: [entry.undone ? words.say("desk.log.undone", { by: entry.undone_by ?? "" }) : "", entry.note ? `“${entry.note}”` : ""].filter(Boolean).join(" · "),
      undone: entry.undone === true,
      undo: !entry.undone && UNDOABLE.has(entry.act) ? entry.id : "",
      state: entry.undone ? "undone" : "",
    }));
}
