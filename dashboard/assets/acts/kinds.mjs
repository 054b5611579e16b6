// Which fields each kind of event has in forms, in the order in which a person fills them in.

const ICAO_OR_SECTOR = /^[A-Za-z0-9][A-Za-z0-9_-]{1,31}$/;
const YES_NO = ["", "yes", "no"];

const alertTypes = ["air_raid", "artillery_shelling", "urban_fights", "chemical", "nuclear", "unknown"];
const threatTypes = [
  "drones",
  "cruise_missiles",
  "ballistic_missiles",
  "unspecified_missiles",
  "guided_aerial_bombs",
  "strategic_aircraft_activity",
  "tactic_aircraft_activity",
  "mig31k_departure",
  "air_defense",
  "unknown",
];

const from = { path: "valid_from", type: "instant" };
const to = { path: "valid_to", type: "instant" };

/** What every kind has besides its own; it is folded away though it says something (`common`). */
const SOURCE = [
  { path: "claimant", type: "pick", kind: "claimant" },
  { path: "published_at", type: "instant" },
  { path: "reliability", type: "choice", values: ["", "A", "B", "C", "D", "E", "F"], words: (value) => `act.reliability.${value}` },
  { path: "credibility", type: "choice", values: ["", "1", "2", "3", "4", "5", "6"], words: (value) => `act.credibility.${value}`, whole: true },
];

/** By kind: own fields, and `more` of them that are seldom needed. `now`: begins with the instant on the clock. */
export const KINDS = {
  alert: {
    own: [
      { path: "region", type: "pick", kind: "region", needed: true },
      { path: "alert_type", type: "choice", values: alertTypes, words: (value) => `alert.${value}` },
      { path: "level", type: "choice", values: ["", "red", "yellow"], words: (value) => `alert.level.${value}` },
      { ...from, needed: true, now: true },
      to,
    ],
    more: [
      { path: "calculated", type: "tick" },
      { path: "permanent", type: "tick" },
    ],
  },
  scramble: {
    own: [
      { path: "country", type: "pick", kind: "country", needed: true },
      { path: "state", type: "choice", values: ["start", "end"], words: (value) => `act.scramble.${value}` },
      { ...from, now: true },
      to,
      { path: "bases", type: "pick", kind: "base", many: true },
      { path: "allied", type: "choice", values: YES_NO, words: (value) => `act.stated.${value}`, truth: true },
      { path: "aircraft", type: "lines" },
      { path: "cause_regions", type: "pick", kind: "area", many: true },
    ],
    more: [
      { path: "cause", type: "text" },
      { path: "airports_closed", type: "pick", kind: "base", many: true, free: ICAO_OR_SECTOR },
      { path: "airports_reopened", type: "pick", kind: "base", many: true, free: ICAO_OR_SECTOR },
      { path: "airspace_violated", type: "choice", values: YES_NO, words: (value) => `act.stated.${value}`, truth: true },
    ],
  },
  threat: {
    own: [
      { path: "threat_type", type: "choice", values: threatTypes, words: (value) => `threat.${value}` },
      { path: "state", type: "choice", values: ["announced", "moving", "lost", "ended"], words: (value) => `act.threat.${value}` },
      { path: "weapon", type: "pick", kind: "weapon" },
      { path: "count", type: "count" },
      { path: "regions", type: "pick", kind: "region", many: true },
      { path: "position", type: "position", wide: true },
      { path: "course_deg", type: "number", min: 0, max: 360, unit: "°" },
      { path: "toward", type: "text" },
      { ...from, now: true },
      to,
    ],
    more: [{ path: "stale_after_s", type: "number", min: 1, max: 86_400, whole: true, unit: "s" }],
  },
  track: {
    own: [
      { path: "callsign", type: "text", most: 32 },
      { path: "affiliation", type: "choice", values: ["unknown", "friend", "neutral", "hostile"], words: (value) => `act.affiliation.${value}` },
      { path: "position", type: "position", wide: true, needed: true },
      { path: "seen_at", type: "instant", needed: true, now: true },
      { path: "track_deg", type: "number", min: 0, max: 360, unit: "°" },
      { path: "speed_kt", type: "number", min: 0, max: 10_000, unit: "kt" },
      { path: "altitude_ft", type: "number", min: -2_000, max: 200_000, unit: "ft" },
      { path: "aircraft_type", type: "text", most: 32 },
      { path: "military", type: "tick" },
      { path: "on_ground", type: "tick" },
    ],
    more: [{ path: "key", type: "text", most: 64 }],
  },
  restriction: {
    own: [
      { path: "subject", type: "pick", kind: "base", free: ICAO_OR_SECTOR, needed: true },
      { path: "state", type: "choice", values: ["closed", "reopened"], words: (value) => `act.restriction.${value}` },
      { ...from, now: true },
      to,
      { path: "reason", type: "text", wide: true },
    ],
    more: [
      { path: "centre", type: "position", wide: true },
      { path: "radius_m", type: "number", min: 0, max: 20_040_000, unit: "m" },
      { path: "lower_ft", type: "number", min: -2_000, max: 200_000, unit: "ft" },
      { path: "upper_ft", type: "number", min: -2_000, max: 200_000, unit: "ft" },
    ],
  },
  strike: {
    own: [
      { path: "target", type: "text" },
      { path: "region", type: "pick", kind: "region" },
      { path: "position", type: "position", wide: true },
      { ...from, now: true },
      { path: "weapon", type: "choice", values: ["", "uav", "missile"], words: (value) => `act.class.${value}` },
      { path: "count", type: "count" },
      { path: "attacker", type: "pick", kind: "country" },
      { path: "claimed_by", type: "pick", kind: "claimant", many: true },
    ],
    more: [to],
  },
  raid_report: {
    own: [
      { path: "attacker", type: "pick", kind: "country" },
      { ...from, label: "window_from" },
      { ...to, label: "window_to" },
      { path: "night_of", type: "day" },
      { path: "ongoing", type: "tick" },
      { path: "quantities", type: "quantities" },
      { path: "impact_places", type: "count" },
      { path: "debris_places", type: "count" },
    ],
    more: [
      { path: "as_of", type: "instant" },
      { path: "scope", type: "choice", values: ["national", "regional"], words: (value) => `act.scope.${value}` },
      { path: "record", type: "choice", values: ["", "new", "previous"], words: (value) => `act.record.${value}` },
      { path: "retrospective", type: "tick" },
      { path: "regions", type: "pick", kind: "region", many: true },
      { path: "launch_areas", type: "lines" },
      { path: "main_targets", type: "lines" },
    ],
  },
  statement: {
    own: [
      { path: "speaker", type: "text", needed: true },
      { path: "organisation", type: "text" },
      { path: "topic", type: "text", needed: true, wide: true },
      { path: "quote", type: "text", rows: 3, wide: true },
    ],
    more: [from, to],
  },
  marker: {
    own: [
      { path: "label", type: "text" },
      { path: "position", type: "position", wide: true, needed: true },
      { path: "radius_m", type: "number", min: 0, max: 20_040_000, unit: "m" },
      to,
      { path: "note", type: "text", wide: true },
    ],
    more: [from, { path: "symbol", type: "text", most: 64 }],
  },
};

/** What is read from texts, and can be chosen for a reading that a person adds. */
export const READ_KINDS = ["raid_report", "scramble", "alert", "threat", "strike", "restriction", "statement"];

/** The fields of a kind: { own, more }. */
export function fieldsOf(kind) {
  const { own, more } = KINDS[kind];
  // What is raised as a report needs to say whose it is before anything else.
  const common = SOURCE.map((spec) => ({ ...spec, common: true }));
  return kind === "raid_report" ? { own: [common[0], ...own], more: [...more, ...common.slice(1)] } : { own, more: [...more, ...common] };
}
