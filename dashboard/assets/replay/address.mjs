// The address of a replay: instant, as known when, speed, loop, map, room and briefing, in the page's URL and back.

import { LEAST_SPEED, MOST_SPEED } from "./station.mjs";

const ROOM = /^[\w.-]{1,64}$/;
const ID = /^[a-z0-9-]{1,64}$/;

/** An ISO instant with its offset, in milliseconds, or null. */
export function isoMs(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(text ?? "")) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * "2025-06-09T01:31:00Z", with milliseconds where there are any: in an exercise a second of the shown clock is less than one of ours.
 */
export const iso = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");

function within(text, least, most) {
  const value = Number(text);
  return text !== null && text !== "" && Number.isFinite(value) && value >= least && value <= most ? value : null;
}

const whole = (text, most = 1e6) => (/^\d{1,7}$/.test(text ?? "") && Number(text) >= 1 && Number(text) <= most ? Number(text) : null);

/**
 * What a query asks for; what cannot be used is left out: { at, known, speed, loop: [ms, ms], map: [lon, lat, zoom], lead, epoch,
 * tab, briefing, version, chapter }. `replay` is another name of `at`.
 */
export function readAddress(query) {
  const params = new URLSearchParams(query);
  const at = isoMs(params.get("at") ?? params.get("replay"));
  const speed = within(params.get("speed"), LEAST_SPEED, MOST_SPEED);
  const loop = (params.get("loop") ?? "").split("/").map(isoMs);
  const [lon, lat, zoom] = (params.get("map") ?? "").split(",");
  const map = [within(lon ?? "", -180, 180), within(lat ?? "", -85, 85), within(zoom ?? "", 0, 22)];
  const named = (name, pattern) => (pattern.test(params.get(name) ?? "") ? params.get(name) : "");
  return {
    at,
    known: params.get("known") === "now" ? "now" : "then",
    speed,
    loop: loop.length === 2 && !loop.includes(null) && loop[0] < loop[1] ? loop : null,
    map: map.includes(null) ? null : map,
    lead: named("lead", ROOM),
    epoch: named("epoch", /^[0-9a-zA-Z_-]{1,64}$/),
    tab: named("tab", /^[a-z]{1,16}$/),
    briefing: named("b", ID),
    version: whole(params.get("v")),
    chapter: whole(params.get("c")),
  };
}

/** The query of a replay; other parameters of the address (theatre, scale, language) are kept. */
export function writeAddress(view, before = "") {
  const params = new URLSearchParams(before);
  for (const name of ["at", "replay", "known", "speed", "loop", "map", "lead", "tab", "b", "v", "c"]) params.delete(name);
  const put = (name, value) => value && params.set(name, value);
  if (view.at !== null) put("at", iso(view.at));
  if (view.known === "now") put("known", "now");
  if (view.speed && view.speed !== 1) put("speed", String(view.speed));
  if (view.loop) put("loop", view.loop.map((ms) => iso(ms)).join("/"));
  if (view.map) put("map", view.map.map((value, n) => value.toFixed(n === 2 ? 2 : 4)).join(","));
  put("lead", view.lead);
  put("tab", view.tab);
  put("b", view.briefing);
  if (view.version) put("v", String(view.version));
  if (view.chapter) put("c", String(view.chapter));
  // Nothing of it is a separator in a query, and a link is read by people.
  const text = params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

export const isRoom = (name) => ROOM.test(name);
