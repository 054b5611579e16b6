// Between our clock, by which a night is replayed, and the clock that is shown: in an exercise they are two.

import { parseInstant } from "../acts/instants.mjs";

const DAY_MS = 86_400_000;

/** tree: the picture shown, or null. Where there is no exercise both clocks are one. */
export class Dial {
  #clock = null;

  look(tree) {
    if (tree?.status !== "exercise") {
      this.#clock = null;
      return;
    }
    // Before the exercise has told its clock, the one that it tells later is nearest the truth.
    const { clock } = tree;
    // One that stands still at the exercise's end tells nothing of how it ran.
    if (!clock || clock.state === "ended") return;
    const [at, received] = [Date.parse(clock.at), Date.parse(clock.received_at)];
    this.#clock = { at, received, speed: clock.speed || 1, stretch: [Date.parse(clock.starts_at), Date.parse(clock.ends_at)] };
  }

  /** How many seconds of the shown clock one of ours is. */
  get rate() {
    return this.#clock?.speed ?? 1;
  }

  get isExercise() {
    return this.#clock !== null;
  }

  /** From when to when the exercise is played, by our clock; null where there is none, or it has not told yet. */
  get stretch() {
    return this.#clock?.stretch.map((ms) => this.ours(ms)) ?? null;
  }

  /** The shown instant of one of ours, in milliseconds. */
  shown(ms) {
    if (!this.#clock) return ms;
    const { at, received, speed } = this.#clock;
    return at + (ms - received) * speed;
  }

  /** The other way round. */
  ours(ms) {
    if (!this.#clock) return ms;
    const { at, received, speed } = this.#clock;
    return received + (ms - at) / speed;
  }
}

/** How far a zone of the IANA database is ahead of UTC at an instant, in milliseconds; null where it is not known. */
export function offsetMs(zone, ms) {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(ms);
    const of = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(of.year, of.month - 1, of.day, of.hour, of.minute, of.second) - Math.floor(ms / 1000) * 1000;
  } catch {
    return null;
  }
}

/**
 * What somebody typed, in milliseconds, or null: Zulu in every form that the desk's forms take, date-time groups, and local
 * time with its place behind it ("05:10 Kyiv", "9 JUN 05:10 Warsaw", "0510L" in the first zone). zones: [{ zone, name }].
 * nowMs: what "0310" is nearest to.
 */
export function parseTyped(text, nowMs, zones) {
  const typed = text.trim();
  const local = /^(.*[\d)])\s*(L|LT|LOCAL|[\p{L}][\p{L}_/ ’'-]+)$/iu.exec(typed);
  const plain = parseInstant(typed, nowMs);
  if (plain !== null || !local) return plain;
  const name = local[2].toLowerCase();
  const found = ["l", "lt", "local"].includes(name)
    ? zones[0]
    : zones.find(({ zone, name: called }) => called.toLowerCase() === name || zone.toLowerCase() === name || zone.toLowerCase().endsWith(`/${name}`));
  if (!found) return null;
  const ahead = offsetMs(found.zone, nowMs);
  if (ahead === null) return null;
  const wall = parseInstant(local[1], nowMs + ahead);
  if (wall === null) return null;
  // The offset of the day that is meant, which may be on the other side of a change of the clocks.
  const there = offsetMs(found.zone, wall - ahead) ?? ahead;
  return wall - there;
}

/** Round steps for an axis of so many milliseconds: about `most` of them. */
export function axisStep(spanMs, most) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  return 1000 * (steps.find((step) => (spanMs / 1000 / step) <= most) ?? Math.ceil(spanMs / DAY_MS / most) * 86_400);
}
