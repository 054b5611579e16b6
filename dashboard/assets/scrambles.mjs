// The panel SCRAMBLES: each nation's jets, their state, timer and cause.

import { ackOf } from "./acks.mjs";
import { h, text } from "./build.mjs";
import { timer, zulu } from "./clock.mjs";
import { evidenceLines } from "./evidence.mjs";
import { bestState, isStale, leadWitness } from "./freshness.mjs";

/** Newest first, airborne before stood down. Entries of [key, ScrambleView]. */
export function ordered(scrambles = {}) {
  return Object.entries(scrambles).sort(
    ([, a], [, b]) =>
      Number(a.state === "end") - Number(b.state === "end") || (b.since ?? "").localeCompare(a.since ?? ""),
  );
}

/**
 * From when the timer runs: { at, stated }. Where nobody states the launch, the first word of it: they have been up for
 * at least as long. null where there is neither.
 */
export function launchOf({ since, state, witnesses = {} }) {
  if (since) return { at: Date.parse(since), stated: true };
  const said = Object.values(witnesses).map(({ published_at }) => Date.parse(published_at ?? "")).filter(Number.isFinite);
  return state === "start" && said.length ? { at: Math.min(...said), stated: false } : null;
}

/** "1:42:05", or "≥ 1:42:05" where only the first word of it is known. */
export const elapsed = ({ at, stated }, now) => (stated ? timer(now - at) : `≥ ${timer(now - at)}`);

/**
 * ICAO codes of the airports that are closed still: by what was said last of each, else, where the picture does not say
 * when, by the two lists.
 */
export function closedAirports({ airports = {}, airports_closed: closed = [], airports_reopened: reopened = [] }) {
  const isClosed = (icao) => (Object.hasOwn(airports, icao) ? airports[icao].state === "closed" : !reopened.includes(icao));
  return [...new Set([...closed, ...Object.keys(airports)])].filter(isClosed);
}

/** Who flies: "Polish and allied jets" in the page's words. */
export function whose(scramble, words) {
  const nation = words.national(scramble.country);
  const key = { true: "scrambles.jets_allied", false: "scrambles.jets_own" }[String(scramble.allied)];
  return words.say(key ?? "scrambles.jets", { nation });
}

/** Why: regions first, else the source's own words; "" where nobody said. */
function causeOf(scramble, words) {
  const regions = (scramble.cause_regions ?? []).map((key) => words.region(key));
  const cause = regions.length ? regions.slice(0, 4).join(", ") + (regions.length > 4 ? " …" : "") : scramble.cause;
  return cause ? words.say("scrambles.cause", { cause }) : "";
}

/** The rules' names of what explains a scramble, in the page's words; a rule without such words by its own name. */
const causeName = (key, words) => (words.has(`cause.${key}`) ? words.say(`cause.${key}`) : key);

/** Whether the rules looked and found nothing. */
export const isUnexplained = ({ causes = {}, no_cause_found: none = false }) => none === true && Object.keys(causes).length === 0;

/**
 * What the rules found: "31 min after the first western alert", else what explains it, else that nothing does. "" where
 * the picture says nothing of it.
 */
export function linkOf({ causes = {}, lead_s: lead, no_cause_found: none = false }, words) {
  const keys = Object.keys(causes);
  if (isUnexplained({ causes, no_cause_found: none })) return words.say("scrambles.no_cause");
  if (Number.isFinite(lead)) {
    const first = keys.find((key) => words.has(`lead.${key}`));
    const alert = words.say(first ? `lead.${first}` : "lead.other");
    return words.say(lead < 0 ? "scrambles.lead_before" : "scrambles.lead_after", { age: words.age(Math.abs(lead) * 1000), alert });
  }
  return keys.length ? words.say("scrambles.linked", { causes: keys.map((key) => causeName(key, words)).join(", ") }) : "";
}

/** The notes of a scramble's card: what it is linked to and by which evidence, or that nothing known explains it. */
export function linkNotes(scramble, tree, words) {
  const { causes = {}, announced_at: announced, not_stood_down: overdue = false } = scramble;
  const notes = [
    linkOf(scramble, words),
    isUnexplained(scramble) ? words.say("scrambles.no_cause_more") : "",
    announced ? words.say("scrambles.first_said", { time: zulu(Date.parse(announced)) }) : "",
    overdue ? words.say("scrambles.overdue_more") : "",
  ];
  for (const [key, { since, regions = [], events = [], n = 0 }] of Object.entries(causes)) {
    const parts = [
      causeName(key, words),
      regions.length ? words.regions(regions) : "",
      since ? words.say("scrambles.since", { time: zulu(Date.parse(since)) }) : "",
      words.say("scrambles.evidence", { n }),
    ];
    notes.push(parts.filter(Boolean).join(" · "));
    notes.push(...evidenceLines(tree, events, words).slice(0, 3).map((line) => `– ${line}`));
  }
  return notes.filter(Boolean);
}

export class ScramblesView {
  #timers = [];
  #shown = null;

  constructor(root, words) {
    this.list = root.querySelector("#scrambles-list");
    this.words = words;
  }

  show(tree) {
    if (this.#shown === tree.scrambles && this.#feeds === tree.feeds && this.#acks === tree.acks) return;
    this.#shown = tree.scrambles;
    this.#feeds = tree.feeds;
    this.#acks = tree.acks;
    const w = this.words;
    this.#timers = [];
    const rows = ordered(tree.scrambles)
      .slice(0, 3)
      .map(([key, scramble], n) => this.#row(key, scramble, tree, n === 0));
    this.list.replaceChildren(...(rows.length ? rows : [h("div", "nothing", w.say("scrambles.none"))]));
  }

  #feeds = null;
  #acks = null;

  /** first: of the list; whoever stood down before it is told in one line. */
  #row(key, scramble, tree, first) {
    const w = this.words;
    const airborne = scramble.state === "start";
    const witnesses = Object.values(scramble.witnesses ?? {});
    const stale = isStale(bestState(witnesses, tree.feeds));
    const ack = ackOf(tree, Object.keys(scramble.witnesses ?? {}));
    const time = h("b", "timer");
    const launch = launchOf(scramble);
    const until = scramble.until ? Date.parse(scramble.until) : null;
    const state = airborne
      ? w.say("scrambles.airborne")
      : until === null
        ? w.say("scrambles.stood_down_unknown")
        : w.say("scrambles.stood_down", { time: zulu(until) });
    if (airborne && launch) this.#timers.push({ element: time, launch });
    else text(time, !airborne && until !== null && launch ? timer(until - launch.at) : "");
    const closed = closedAirports(scramble);
    const unexplained = isUnexplained(scramble);
    const remarks = [unexplained && linkOf(scramble, w), scramble.not_stood_down && w.say("scrambles.overdue")];
    const lead = witnesses.length ? leadWitness(witnesses) : null;
    const details = [
      launch
        ? w.say(launch.stated ? "scrambles.since" : "scrambles.announced", { time: zulu(launch.at) })
        : w.say("scrambles.since_unknown"),
      scramble.bases?.length ? scramble.bases.map((icao) => w.base(icao)).join(", ") : "",
      (scramble.aircraft ?? []).join(", "),
      causeOf(scramble, w),
      unexplained ? "" : linkOf(scramble, w),
      closed.length ? w.say("scrambles.closed", { airports: closed.map((icao) => w.base(icao)).join(", ") }) : "",
      scramble.airspace_violated ? w.say("scrambles.violated") : "",
      lead ? `${lead.claimant || lead.feed} · ${lead.grade ?? "F6"}` : "",
      ack ? w.say("ack.by", { by: ack.by, time: zulu(Date.parse(ack.at)) }) : "",
    ];
    const row = h(
      "div",
      `scramble ${airborne ? "airborne" : "down"}${stale ? " stale" : ""}${airborne && !ack ? " unacknowledged" : ""}`,
      h("div", "row", h("i", "jet"), h("b", "nation", scramble.country), h("span", "who", airborne || first ? whose(scramble, w) : state), time),
      airborne || first
        ? h("div", "details", h("span", "state", state), ...remarks.filter(Boolean).map((part) => h("span", "remark", ` · ${part}`)), ...details.filter(Boolean).map((part) => h("span", "", ` · ${part}`)))
        : "",
    );
    row.dataset.scramble = key;
    row.tabIndex = 0;
    return row;
  }

  /** Let the timers run. at: the shown instant in milliseconds, or null where it is not known. */
  tick(at) {
    for (const { element, launch } of this.#timers) text(element, at === null ? "" : elapsed(launch, at));
  }
}
