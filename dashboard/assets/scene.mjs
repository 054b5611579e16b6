// What of the picture stands on the map, and where: plain lists, without a canvas. Nothing is invented here: what has
// no stated position stands at its region's label point and says so, and what has no region at all is listed apart.

import { extentWords } from "./alerts.mjs";
import { hoursMinutes, zulu } from "./clock.mjs";
import { line, reading } from "./count.mjs";
import { bestState, isStale } from "./freshness.mjs";
import { pointAbove } from "./regions.mjs";
import { threatWords } from "./lines.mjs";
import { closedAirports, elapsed, isUnexplained, launchOf, linkOf } from "./scrambles.mjs";
import { distanceKm } from "./geometry.mjs";

const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);

const NO_TRACKS = {};
/** Where the picture does not say. */
const STALE_AFTER_S = 60;
/** More threats than this without a position in one region do not stand beside each other. */
const MOST_BESIDE = 3;
/** Regions of one cause at most that a scramble is tied to. */
const MOST_LINKS = 8;

/** The point of a key of the theatre: region, country, or the middle of a group's members. */
export function pointOf(key, atlas) {
  const region = pointAbove(key, atlas.regions ?? {});
  if (region) return region;
  const other = own(atlas.countries, key) ?? own(atlas.places, key);
  if (other) return [other.lon, other.lat];
  const members = own(atlas.groups, key)?.members.map((member) => pointOf(member, atlas)).filter(Boolean);
  if (!members?.length) return null;
  const mean = (axis) => members.reduce((sum, point) => sum + point[axis], 0) / members.length;
  return [mean(0), mean(1)];
}

/** "×18"; a hedged count without the sign: "about 18". */
function times(count, words) {
  const { state, number } = reading(count, words);
  return state === "exact" ? words.say("unit.times", { n: number }) : line(count, words);
}

/** Threats that are placed, and those that nobody placed: { placed, unplaced }. at: shown instant or null. */
export function threats(tree, words, at) {
  const atlas = words.atlas;
  const placed = [];
  const unplaced = [];
  const sharing = new Map();
  for (const [key, threat] of Object.entries(tree.threats ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (threat.state === "ended") continue;
    const isDrones = threat.threat_type === "drones";
    const count = threat.count ? times(threat.count, words) : "";
    const name = isDrones ? "" : threatWords({ type: threat.threat_type, weapon: threat.weapon }, words);
    const updated = threat.updated_at ? Date.parse(threat.updated_at) : null;
    const posts = Object.values(threat.witnesses ?? {});
    const stale = threat.stale === true || isStale(bestState(posts.length ? posts : [threat.source], tree.feeds));
    const item = {
      kind: "threat",
      key,
      symbol: threat.threat_type,
      label: [name, count].filter(Boolean).join(" "),
      name: name || words.say("threat.drones"),
      sub: stale && updated !== null && at !== null ? words.say("map.stale", { age: words.age(at - updated) }) : "",
      silentMs: updated !== null && at !== null ? at - updated : 0,
      course: typeof threat.course_deg === "number" ? threat.course_deg : null,
      isMissile: !isDrones,
      lost: threat.state === "lost",
      stale,
      path: (threat.path ?? []).map(({ lon, lat }) => [lon, lat]),
      view: threat,
    };
    if (threat.position) {
      placed.push({ ...item, lon: threat.position.lon, lat: threat.position.lat, approximate: false });
      continue;
    }
    const region = (threat.regions ?? []).find((each) => pointOf(each, atlas));
    if (!region) {
      unplaced.push(item);
      continue;
    }
    const [lon, lat] = pointOf(region, atlas);
    const shared = sharing.get(region) ?? [];
    sharing.set(region, shared);
    const more = threat.regions.length - 1;
    const entry = { ...item, lon, lat, approximate: true, label: more ? `${item.label || item.name} +${more}` : item.label };
    shared.push(entry);
    placed.push(entry);
  }
  // Several at one label point stand side by side; many are told by their number there.
  for (const shared of sharing.values()) {
    shared.forEach((entry, n) => (entry.shift = shared.length > MOST_BESIDE ? 0 : n - (shared.length - 1) / 2));
  }
  return { placed, unplaced };
}

/** Scrambles as rings: one a base, or one at the country's label point where no base was named. */
export function scrambles(tree, words, at) {
  const rings = [];
  for (const [key, scramble] of Object.entries(tree.scrambles ?? {})) {
    const airborne = scramble.state === "start";
    const launch = launchOf(scramble);
    const until = scramble.until ? Date.parse(scramble.until) : null;
    const clock =
      airborne && launch && at !== null
        ? elapsed(launch, at)
        : airborne
          ? ""
          : until === null
            ? words.say("scrambles.stood_down_unknown")
            : words.say("scrambles.stood_down", { time: zulu(until) });
    const who = [scramble.country + (scramble.allied ? words.say("map.and_allies") : ""), (scramble.aircraft ?? [])[0]];
    const unexplained = airborne && isUnexplained(scramble) ? words.say("scrambles.no_cause") : "";
    const item = {
      kind: "scramble",
      key,
      airborne,
      note: unexplained,
      label: who.filter(Boolean).join(" · "),
      sub: clock,
      stale: isStale(bestState(Object.values(scramble.witnesses ?? {}), tree.feeds)),
      view: scramble,
    };
    const bases = (scramble.bases ?? []).map((icao) => own(words.atlas.bases, icao)).filter(Boolean);
    for (const base of bases) rings.push({ ...item, lon: base.lon, lat: base.lat, approximate: false });
    if (!bases.length) {
      const point = pointOf(scramble.country, words.atlas);
      const noBase = words.say("scrambles.base_unknown");
      if (point) rings.push({ ...item, lon: point[0], lat: point[1], approximate: true, note: airborne ? unexplained || noBase : "" });
    }
  }
  return rings;
}

/** What explains each scramble that is up: a curve from its ring to each region of its causes, the first with its lead time. */
export function links(tree, words) {
  const lines = [];
  for (const [key, scramble] of Object.entries(tree.scrambles ?? {})) {
    if (scramble.state !== "start") continue;
    const bases = (scramble.bases ?? []).map((icao) => own(words.atlas.bases, icao)).filter(Boolean);
    const country = pointOf(scramble.country, words.atlas);
    const rings = bases.length ? bases.map(({ lon, lat }) => [lon, lat]) : country ? [country] : [];
    const regions = [...new Set(Object.values(scramble.causes ?? {}).flatMap((cause) => cause.regions ?? []))];
    const ends = regions.map((region) => ({ region, point: pointOf(region, words.atlas) })).filter(({ point }) => point);
    if (!rings.length) continue;
    const tied = ends.map(({ region, point }) => {
      const from = rings.reduce((best, ring) => (distanceKm(ring, point) < distanceKm(best, point) ? ring : best));
      return { kind: "link", key: `${key}|${region}`, from, to: point, label: "", km: distanceKm(from, point) };
    });
    tied.sort((a, b) => a.km - b.km);
    lines.push(...tied.slice(0, MOST_LINKS).map((line, n) => (n ? line : { ...line, label: linkOf(scramble, words) })));
  }
  return lines;
}

const corners = (area) => (area ?? []).map(({ lon, lat }) => [lon, lat]);

/** The middle of an outline's corners, or null. */
function middleOf(outline) {
  if (!outline.length) return null;
  const mean = (axis) => outline.reduce((sum, corner) => sum + corner[axis], 0) / outline.length;
  return [mean(0), mean(1)];
}

/** Closed airports and sectors: those of scrambles that were not reopened, and those of restrictions, with their area. */
export function closures(tree, words) {
  const closed = new Map();
  for (const scramble of Object.values(tree.scrambles ?? {})) {
    for (const icao of closedAirports(scramble)) closed.set(icao, { witnesses: Object.values(scramble.witnesses ?? {}) });
  }
  for (const { subject, source, centre, radius_m: radius, area } of Object.values(tree.restrictions ?? {})) {
    closed.set(subject, { witnesses: [source], centre, outline: corners(area), ...(radius ? { radiusKm: radius / 1000 } : {}) });
  }
  return [...closed].flatMap(([key, { centre, ...rest }]) => {
    const base = own(words.atlas.bases, key);
    const at = base ? [base.lon, base.lat] : centre ? [centre.lon, centre.lat] : middleOf(rest.outline ?? []);
    return at ? [{ kind: "closed", key, lon: at[0], lat: at[1], label: base?.name ?? key, ...rest }] : [];
  });
}

/** What neighbours' systems drew: points, circles and outlines. */
export function markers(tree, words) {
  return Object.entries(tree.markers ?? {}).map(([key, marker]) => ({
    kind: "marker",
    key,
    lon: marker.position.lon,
    lat: marker.position.lat,
    label: marker.label ?? "",
    name: marker.label || words.say("legend.marker"),
    sub: marker.note ?? "",
    outline: corners(marker.area),
    ...(marker.radius_m ? { radiusKm: marker.radius_m / 1000 } : {}),
    view: marker,
  }));
}

/** Tracks for the overlay, which reads them itself. at: the server's clock, in milliseconds; the fixes are by it. */
export function tracks(tree, at) {
  const late = Object.keys(tree.feeds ?? {}).filter((feed) => isStale(tree.feeds[feed].state));
  return { byKey: tree.tracks ?? NO_TRACKS, at, staleAfterMs: (tree.track_ages?.stale_after_s ?? STALE_AFTER_S) * 1000, late };
}

/** Strikes at their place, or at their region's label point. */
export function strikes(tree, words) {
  return Object.entries(tree.strikes ?? {}).flatMap(([key, strike]) => {
    const point = strike.position ? [strike.position.lon, strike.position.lat] : pointOf(strike.region, words.atlas);
    if (!point) return [];
    const weapon = strike.weapon ? words.say(`weapon.${strike.weapon}`) : "";
    const what = strike.count ? [line(strike.count, words), weapon].filter(Boolean).join(" ") : weapon;
    const region = strike.region ? words.region(strike.region) : "";
    return [
      {
        kind: "strike",
        key,
        lon: point[0],
        lat: point[1],
        approximate: !strike.position,
        label: strike.target || region,
        sub: [strike.target ? region : "", what].filter(Boolean).join(" · "),
        view: strike,
      },
    ];
  });
}

/** Names of regions under alert, each with how much of it and how long: the longest first, for they are the most telling. */
export function regionLabels(byRegionMap, words, at) {
  return Object.entries(byRegionMap)
    .filter(([key, region]) => region.kind !== "permanent" && own(words.atlas.regions, key))
    .map(([key, region]) => {
      const { kind, since, extent } = region;
      const { lon, lat, label } = words.atlas.regions[key];
      const age = since !== null && at !== null ? hoursMinutes(at - since) : "";
      const how = extentWords(region, words, true);
      return { key, kind, lon, lat, label, age: [how, age].filter(Boolean).join(" · "), since: since ?? Infinity, extent };
    })
    .sort((a, b) => Number(a.extent !== "whole") - Number(b.extent !== "whole") || a.since - b.since);
}

/** Towns worth a name, the largest first. */
export function towns(atlas, count = 60) {
  return Object.entries(atlas.places ?? {})
    .filter(([, place]) => place.town > 0)
    .sort(([, a], [, b]) => b.town - a.town)
    .slice(0, count)
    .map(([key, { name, lon, lat, town }]) => ({ key, name, lon, lat, population: town }));
}
