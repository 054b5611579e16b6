// The desk's acts: what there is, by which key, and how to open one.

import { drafts } from "./drafts.mjs";
import { handover } from "./handover.mjs";
import { BY_HAND, byHand } from "./manual.mjs";
import { correct, restore, retract } from "./correct.mjs";
import { merge } from "./merge.mjs";
import { paste } from "./paste.mjs";
import { quarantine } from "./quarantine.mjs";
import { review } from "./review.mjs";
import { acknowledge, bookmark, note } from "./short.mjs";
import { undo } from "./undo.mjs";

/** Say that forms are kept from before, where there are any; once a person is known. */
export function remind({ words, person, say }) {
  const all = drafts(person.name);
  if (all.length) say(words.say("act.drafts", { n: all.length }));
}

const act = (name, key, word, open, { needs = "", many = false } = {}) => ({ name, key, word, needs, many, role: "operator", open });

/**
 * Every act: its name, its key on the desk ("" for none), the catalogue's word for it, what must be selected ("selection" or
 * nothing), whether it may be several, and the least role.
 */
export const ACTS = [
  act("ack", "a", "act.ack", acknowledge, { needs: "selection", many: true }),
  act("note", "n", "act.note", note, { many: true }),
  act("correct", "e", "act.correct", correct, { needs: "selection" }),
  act("merge", "M", "act.merge", merge, { needs: "selection", many: true }),
  act("retract", "x", "act.retract", retract, { needs: "selection" }),
  act("restore", "r", "act.restore", restore, { needs: "selection" }),
  act("bookmark", "b", "act.bookmark", bookmark),
  act("undo", "u", "act.undo", undo),
  act("paste", "i", "act.paste", paste),
  act("by_hand", "w", "act.by_hand", (context) => byHand(context)),
  act("review", "c", "act.review", review),
  act("quarantine", "q", "act.quarantine", quarantine),
  act("handover", "h", "act.handover", handover),
  ...BY_HAND.map((kind) => act(`by_hand.${kind}`, "", `act.by_hand.${kind}`, (context) => byHand(context, kind, true))),
];

let isOpen = false;

/** Where dialogs live: above everything, out of what Dash lays out. */
function place() {
  const known = document.getElementById("acts");
  if (known) return known;
  const made = document.createElement("div");
  made.id = "acts";
  document.body.append(made);
  return made;
}

/**
 * Open an act's form; one at a time. Resolves with the server's answer, or null where it was left or needs a selection.
 *
 * context: { words, station, person: { name, role }, ids: [event ids], event: the newest whole event of the first or null,
 * revision, log: id of a log entry or "", tree, rows: the selected rows }, and where there are: position: { lon, lat } that the
 * map was last clicked at; pick(): lets the person point at the map; view(): of the desk's address; say(text).
 */
export async function openAct(name, context) {
  const found = ACTS.find((one) => one.name === name);
  if (!found || isOpen) return null;
  const { station, words } = context;
  const given = {
    ...context,
    ids: context.ids ?? [],
    tree: station?.tree ?? context.tree ?? null,
    now: context.now ?? (() => nowOf(station)),
  };
  if (found.needs === "selection" && !given.ids.length) {
    context.say?.(words.say("act.needs_selection"));
    return null;
  }
  place();
  isOpen = true;
  try {
    return await found.open(given);
  } finally {
    isOpen = false;
  }
}

/** The instant that the screen shows; in an exercise that is the exercise's. */
function nowOf(station) {
  const moment = station?.moment?.();
  return moment?.instant?.at ?? moment?.serverNow ?? Date.now();
}
