// An event's fields in words of the page's language: what a dotted path is called, and what its value reads.

import { dateTimeGroup } from "../clock.mjs";
import { line } from "../count.mjs";
import { isPlace } from "./fields.mjs";
import { placeWords } from "./places.mjs";

/** "UAV launched" of "launched.uav". */
export function fieldWord(path, words) {
  if (words.has(`act.field.${path}`)) return words.say(`act.field.${path}`);
  const [outcome, of, weapon] = path.split(".");
  if (words.has(`act.outcome.${outcome}`) && of) {
    const what = of === "types" && weapon ? words.weapon(weapon) : words.has(`act.class.${of}`) ? words.say(`act.class.${of}`) : of;
    return `${words.say(`act.outcome.${outcome}`)} · ${what}`;
  }
  return path.replaceAll("_", " ").replaceAll(".", " · ");
}

/** A field's value in words. */
export function valueWords(path, value, words) {
  if (value === undefined || value === null || value === "") return words.say("count.absent");
  if (typeof value === "boolean") return words.say(value ? "desk.value.yes" : "desk.value.no");
  if (Array.isArray(value)) return value.length ? value.map((each) => valueWords(path, each, words)).join(", ") : words.say("count.absent");
  if (isPlace(value)) return placeWords([value.lon, value.lat], false);
  if (typeof value === "object") {
    if (["value", "min", "max", "qualifier"].some((name) => Object.hasOwn(value, name))) return line(value, words);
    return Object.entries(value).map(([name, inner]) => `${name} ${valueWords(name, inner, words)}`).join(", ");
  }
  if (path === "course_deg" && typeof value === "number") return `${String(Math.round(value) % 360).padStart(3, "0")}°`;
  if (typeof value === "number") return String(value);
  if (/_at$|^valid_|^as_of$/.test(path) && !Number.isNaN(Date.parse(value))) return dateTimeGroup(Date.parse(value));
  if (path === "claimant" || path === "claimed_by") return words.claimant(value);
  if (path === "weapon") return words.weapon(value);
  const own = { threat_type: `threat.${value}`, alert_type: `alert.${value}`, level: `alert.level.${value}`, affiliation: `act.affiliation.${value}`, scope: `act.scope.${value}` }[path];
  if (own) return words.has(own) ? words.say(own) : value;
  if (["region", "regions", "cause_regions", "country", "subject", "bases", "airports_closed", "airports_reopened"].includes(path)) return words.subject(value);
  return value;
}
