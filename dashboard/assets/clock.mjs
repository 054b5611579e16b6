// The instant that the wall shows: the server's own, or an exercise's, and how it is written.

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** Beats an exercise's clock may miss before it has lost its clock. */
const BEATS = 3;

/**
 * The shown instant of a picture.
 * tree: the picture, or null. serverNow: milliseconds since the epoch.
 * Returns { at: milliseconds or null, state: "actual" | "running" | "lost" | "ended" | "unknown", speed, silentMs }.
 */
export function shownInstant(tree, serverNow) {
  if (tree === null) return { at: null, state: "unknown" };
  if (tree.status !== "exercise") return { at: serverNow, state: "actual" };
  const clock = tree.clock;
  if (!clock) return { at: null, state: "unknown" };
  const at = Date.parse(clock.at);
  const ends = Date.parse(clock.ends_at);
  if (clock.state === "ended") return { at, state: "ended", speed: clock.speed };
  const since = Math.max(0, serverNow - Date.parse(clock.received_at));
  const trusted = BEATS * clock.beat_s * 1000;
  const shown = Math.min(at + Math.min(since, trusted) * clock.speed, Math.max(at, ends));
  return {
    at: shown,
    state: since > trusted ? "lost" : "running",
    speed: clock.speed,
    silentMs: since,
  };
}

const two = (n) => String(n).padStart(2, "0");

/** "09 JUN" */
export function zuluDay(ms) {
  const d = new Date(ms);
  return `${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]}`;
}

/** "04:52:17Z" */
export function zuluSeconds(ms) {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}Z`;
}

/** "04:52Z" */
export function zulu(ms) {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}Z`;
}

/** "090452ZJUN25": a date-time group. */
export function dateTimeGroup(ms) {
  const d = new Date(ms);
  const day = `${two(d.getUTCDate())}${two(d.getUTCHours())}${two(d.getUTCMinutes())}Z`;
  return `${day}${MONTHS[d.getUTCMonth()]}${two(d.getUTCFullYear() % 100)}`;
}

/** "07:52" in a zone of the IANA database, or "" where the browser does not know the zone. */
export function localTime(ms, zone) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(ms);
  } catch {
    return "";
  }
}

/** "1:42:05" or, under an hour, "42:05": a running timer. Negative durations read as zero. */
export function timer(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(s / 3600);
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return h ? `${h}:${rest}` : rest;
}

/** "9:14", hours and minutes: a duration that need not tick. */
export function hoursMinutes(ms) {
  const m = Math.max(0, Math.floor(ms / 60000));
  return `${Math.floor(m / 60)}:${two(m % 60)}`;
}
