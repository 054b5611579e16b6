// A row of the table in words of the page's language: kind, where, what, state. Rows are data; nothing here makes elements.

import { lineOf } from "../lines.mjs";

const TONES = {
  alert: "red",
  threat: "threat",
  scramble: "scramble",
  raid_report: "report",
  strike: "strike",
  restriction: "closed",
  statement: "statement",
  log: "log",
  marker: "marker",
};

/** The word for a kind of event: "Threat". */
export const kindWord = (kind, words) => (words.has(`kind.${kind}`) ? words.say(`kind.${kind}`) : kind);

/** The colour and shape of what a row says: an end looks like one, whatever has ended. */
export function toneOf({ kind, what = "", detail = {} }) {
  if (what.endsWith(".end") || what.endsWith(".reopened")) return "clear";
  if (kind === "alert" && detail.level === "yellow") return "yellow";
  return Object.hasOwn(TONES, kind) ? TONES[kind] : "other";
}

/** Where an event is of: its subject by name, or its regions. */
export function whereOf(row, words) {
  if (row.subject) return words.subject(row.subject);
  const regions = row.regions ?? [];
  return regions.length ? words.regions(regions, 2) : "";
}

/** What it says, in one line. */
export function whatOf(row, words) {
  const family = String(row.what ?? "").split(".")[0];
  if (row.kind === "log") return logWhat(row, words);
  if (family === row.kind && /^[a-z_]+(\.[a-z_]+)?$/.test(row.what)) {
    return lineOf({ kind: row.what, subject: row.subject ?? "", detail: row.detail ?? {} }, words).what;
  }
  return row.what ?? "";
}

function logWhat(row, words) {
  const act = String(row.what ?? "").split(".")[1] ?? "";
  const said = words.has(`act.log.${act}`) ? words.say(`act.log.${act}`) : (row.what ?? "");
  const note = row.detail?.note ?? "";
  return note ? `${said}: ${note}` : said;
}

/** How it stands with us: { kind: "acked" | "cancelled" | "corrected" | "by-hand" | "", text }. ack: an Ack or undefined. */
export function stateOf(row, ack, words) {
  if (row.msg_type === "cancel") return { kind: "cancelled", text: words.say("desk.state.cancelled") };
  const parts = [];
  let kind = "";
  if (ack) {
    kind = "acked";
    parts.push(words.say("desk.state.acked", { by: ack.by }));
  }
  if (row.by) {
    kind ||= row.revision > 1 ? "corrected" : "by-hand";
    parts.push(words.say(row.revision > 1 ? "desk.state.corrected" : "desk.state.by_hand", { by: row.by }));
  }
  return { kind, text: parts.join(" · ") };
}

/** All words of a row that a search looks through. */
export const searchText = (row, words) =>
  [kindWord(row.kind, words), whereOf(row, words), whatOf(row, words), row.feed, row.claimant, row.claimant && words.claimant(row.claimant), row.by, row.id]
    .filter(Boolean)
    .join(" ");
