// What an act is about, in a line: the kind, where or whose it is, and when.

import { line } from "../count.mjs";
import { zulu, zuluDay } from "../clock.mjs";
import { lineOf } from "../lines.mjs";

export const kindWord = (kind, words) => words.say(words.has(`act.kind.${kind}`) ? `act.kind.${kind}` : "act.kind.other");

/** When an event is of, in milliseconds, or null. */
export function timeOf(event) {
  const said = event?.valid_from ?? event?.as_of ?? event?.published_at ?? event?.valid_to ?? event?.tracks?.[0]?.seen_at;
  const ms = said ? Date.parse(said) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

export const shortTime = (ms) => `${zuluDay(ms)} ${zulu(ms)}`;

/** "Alert · Lviv · 09 JUN 03:10Z" of a whole event; its id where nothing else is known. */
export function itemLine(event, words, id = "") {
  if (!event) return id;
  const named = {
    alert: () => words.region(event.region),
    scramble: () => [words.country(event.country), words.say(`act.scramble.${event.state}`)].join(", "),
    threat: () => [words.say(`threat.${event.threat_type}`), event.regions?.length ? words.regions(event.regions, 2) : ""].filter(Boolean).join(", "),
    strike: () => event.target || (event.region ? words.region(event.region) : ""),
    restriction: () => [words.subject(event.subject), words.say(`act.restriction.${event.state}`)].join(", "),
    raid_report: () => [words.claimant(event.claimant ?? ""), event.launched?.uav ? words.say("line.figures.launched.uav", { n: line(event.launched.uav, words) }) : ""].filter(Boolean).join(", "),
    statement: () => event.speaker,
    marker: () => event.label,
    tracks: () => event.tracks?.map(({ callsign, key }) => callsign || key).slice(0, 3).join(", "),
    log: () => [words.say(`act.log.${event.act}`), event.by].join(", "),
  }[event.kind];
  const at = timeOf(event);
  return [kindWord(event.kind, words), named?.(), at === null ? "" : shortTime(at)].filter(Boolean).join(" · ");
}

/** What several selected items are called together. */
export function aboutLine(context) {
  const { words, ids, event, rows } = context;
  if (ids.length > 1) return words.say("act.several", { n: ids.length });
  return event ? itemLine(event, words) : rows?.length ? rowLine(rows[0], words) : (ids[0] ?? "");
}

/** The same of a row of the table: "Scramble · Poland · jets scrambled · 09 JUN 03:10Z". */
export function rowLine(row, words) {
  const { subject, what } = lineOf({ kind: row.what ?? "", subject: row.subject ?? "", detail: row.detail ?? {} }, words);
  return [kindWord(row.kind, words), subject, what, row.at ? shortTime(Date.parse(row.at)) : ""].filter(Boolean).join(" · ");
}
