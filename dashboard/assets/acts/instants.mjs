// Instants as an operator types them: Zulu unless an offset is written, in the forms that people on watch use.

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAY_MS = 86_400_000;
const two = (n) => String(n).padStart(2, "0");

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2}))?)?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*Z?$|^(\d{2})(\d{2})\s*Z?$/;
const GROUP = /^(\d{2})(\d{2})(\d{2})\s*Z\s*(?:([A-Z]{3})\s*(\d{2}|\d{4})?)?$/;
const DAY = /^(\d{1,2})\s*([A-Z]{3})\s*(\d{2}|\d{4})?\s+(\d{1,2}):?(\d{2})(?::?(\d{2}))?\s*Z?$/;
const AGO = /^([+-])\s*(\d{1,4})(?:\s*(M|H))?$/;

/** UTC milliseconds, or null where there is no such day or time (31 June, 25:00). */
function at(year, month, day, hour = 0, minute = 0, second = 0) {
  const ms = Date.UTC(year, month, day, hour, minute, second);
  const d = new Date(ms);
  const fits = d.getUTCMonth() === month && d.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return fits ? ms : null;
}

const yearOf = (written, nowMs) =>
  written === undefined ? new Date(nowMs).getUTCFullYear() : written.length === 2 ? 2000 + Number(written) : Number(written);

/** Of several instants the one that is nearest to now. */
const nearest = (candidates, nowMs) =>
  candidates.filter((ms) => ms !== null).sort((a, b) => Math.abs(a - nowMs) - Math.abs(b - nowMs))[0] ?? null;

/**
 * What a text means, in milliseconds, or null where it means nothing.
 * "0310", "03:10Z" (nearest to now), "090310Z", "090310ZJUN25", "09 JUN 03:10", "2025-06-09 03:10", "-15" (minutes from now).
 */
export function parseInstant(text, nowMs) {
  const typed = text.trim().toUpperCase().replace(/\s+/g, " ");
  let m = AGO.exec(typed);
  if (m) return Math.round((nowMs + (m[1] === "-" ? -1 : 1) * Number(m[2]) * (m[3] === "H" ? 3_600_000 : 60_000)) / 1000) * 1000;
  m = CLOCK.exec(typed);
  if (m) {
    const [hour, minute, second = 0] = (m[1] === undefined ? m.slice(4, 6) : m.slice(1, 4)).map((n) => Number(n ?? 0));
    const day = new Date(nowMs);
    const today = at(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute, second);
    return today === null ? null : nearest([today - DAY_MS, today, today + DAY_MS], nowMs);
  }
  m = GROUP.exec(typed);
  if (m) {
    const [day, hour, minute] = m.slice(1, 4).map(Number);
    if (m[4] !== undefined) {
      const month = MONTHS.indexOf(m[4]);
      return month < 0 ? null : at(yearOf(m[5], nowMs), month, day, hour, minute);
    }
    const now = new Date(nowMs);
    const months = [-1, 0, 1].map((n) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1)));
    return nearest(months.map((d) => at(d.getUTCFullYear(), d.getUTCMonth(), day, hour, minute)), nowMs);
  }
  m = DAY.exec(typed);
  if (m) {
    const month = MONTHS.indexOf(m[2]);
    return month < 0 ? null : at(yearOf(m[3], nowMs), month, Number(m[1]), Number(m[4]), Number(m[5]), Number(m[6] ?? 0));
  }
  m = ISO.exec(typed);
  if (m) {
    const ms = at(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0));
    return ms === null ? null : ms - offsetMs(m[7]);
  }
  return null;
}

function offsetMs(zone) {
  if (zone === undefined || zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** "2025-06-09 03:10Z", with seconds where there are any: how an instant stands in a field. */
export function writtenInstant(ms) {
  const d = new Date(ms);
  const seconds = d.getUTCSeconds() ? `:${two(d.getUTCSeconds())}` : "";
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds}Z`;
}

/** What the API takes: "2025-06-09T03:10:00Z". */
export const isoInstant = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
