// Air-raid alerts by region: the panel ALERTS, and what each region of the map is under, whole or in part.

import { h, text } from "./build.mjs";
import { hoursMinutes, zulu } from "./clock.mjs";
import { alertWords } from "./lines.mjs";
import { drawnAbove } from "./regions.mjs";

const RANK = { red: 4, plain: 3, yellow: 2, other: 1, permanent: 0 };
const AIR_RAID = RANK.yellow;
const KINDS = ["red", "plain", "yellow", "other", "permanent"];
const EXTENTS = ["whole", "part", "calculated"];
const CARD_LINES = 9;

/** What one AlertView is drawn as: red, plain (an air alert without level), yellow, other, permanent. */
function kindOf(alert) {
  if (alert.permanent) return "permanent";
  if (alert.alert_type !== "air_raid") return "other";
  if (alert.level === "red") return "red";
  return alert.level === "yellow" ? "yellow" : "plain";
}

const startOf = ({ since }) => (since ? Date.parse(since) : null);
const earlier = (a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** The worst kind of some alerts and when the first of that kind began; null of none. */
function worst(alerts) {
  let found = null;
  for (const alert of alerts) {
    const kind = kindOf(alert);
    if (!found || RANK[kind] > RANK[found.kind]) found = { kind, since: startOf(alert) };
    else if (kind === found.kind) found.since = earlier(found.since, startOf(alert));
  }
  return found;
}

const oldest = (alerts) => alerts.map(startOf).reduce(earlier, null);
const rankOf = (found) => (found ? RANK[found.kind] : -1);

/**
 * Drawn region to { kind, extent, under, since, parts, of, alerts }. extent: "whole", "part" where the worst is said
 * only of regions in it, "calculated" where nobody reported it. under: of a part, what the whole is under beside it,
 * or null. since: of the whole, or of the oldest part, or null. parts: keys; of: how many there are, 0 where unknown.
 */
export function byRegion(tree, regions = {}) {
  const gathered = {};
  for (const alert of Object.values(tree.alerts ?? {})) {
    const key = drawnAbove(alert.region, regions);
    if (key === null) continue;
    const extent = alert.calculated && !alert.permanent ? "calculated" : key === alert.region ? "whole" : "part";
    const sorted = (gathered[key] ??= { whole: [], part: [], calculated: [] });
    sorted[extent].push(alert);
  }
  const found = {};
  for (const [key, sorted] of Object.entries(gathered)) {
    const [whole, part, calculated] = EXTENTS.map((extent) => worst(sorted[extent]));
    const view = tree.regions?.[key] ?? {};
    const stated = {
      parts: view.parts ?? [...new Set(sorted.part.map(({ region }) => region))],
      of: view.of ?? 0,
      alerts: [...sorted.whole, ...sorted.part, ...sorted.calculated],
      under: null,
    };
    // What was worked out says nothing beside what was reported.
    if (Math.max(rankOf(whole), rankOf(part)) < RANK.other && calculated) {
      found[key] = { ...stated, ...calculated, extent: "calculated" };
    } else if (rankOf(part) > rankOf(whole)) {
      const raids = sorted.part.filter((alert) => RANK[kindOf(alert)] >= AIR_RAID);
      const since = oldest(raids.length ? raids : sorted.part);
      found[key] = { ...stated, kind: part.kind, since, extent: "part", under: whole?.kind ?? null };
    } else {
      found[key] = { ...stated, ...whole, extent: "whole" };
    }
  }
  return found;
}

/** Keys of regions under an air-raid alert that lie in no region of the map. */
export const elsewhere = (tree, regions = {}) => [
  ...new Set(
    Object.values(tree.alerts ?? {})
      .filter((alert) => RANK[kindOf(alert)] >= AIR_RAID && drawnAbove(alert.region, regions) === null)
      .map(({ region }) => region),
  ),
];

/** Whether all of a region is under air-raid alert, as it was reported. */
const isWhole = ({ extent, kind, under }) => RANK[extent === "whole" ? kind : (under ?? "permanent")] >= AIR_RAID;

/**
 * What the panel says: how many of the counted regions are reported under each kind, how many of those under air-raid alert
 * are so wholly, in part, or by calculation only. The count itself and the longest are the picture's own.
 */
export function summary(byRegionMap, tree, alertRegions) {
  const { n = 0, of = alertRegions.length, permanent = 0, longest = "", longest_since: since = null } = tree.alerting ?? {};
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  const extents = Object.fromEntries(EXTENTS.map((extent) => [extent, 0]));
  for (const key of alertRegions) {
    const region = byRegionMap[key];
    if (!region) continue;
    if (region.extent !== "calculated") kinds[region.kind] += 1;
    if (RANK[region.kind] < AIR_RAID) continue;
    extents[isWhole(region) ? "whole" : region.extent] += 1;
  }
  return { n, of, permanent, kinds, extents, longest: longest && since ? { region: longest, since: Date.parse(since) } : null };
}

/** "3 of 7 raions", "in part", "calculated"; "" of a whole region. short: for the map, "3 of 7". */
export function extentWords({ extent, parts, of }, words, short = false) {
  if (extent === "calculated") return words.say("alerts.calculated");
  if (extent !== "part") return "";
  if (!of || !parts.length) return words.say("alerts.in_part");
  return words.say(short ? "alerts.parts_short" : "alerts.parts", { n: parts.length, of });
}

/** One alert in words: what, where, since when, who says so, and what of it nobody said. */
function told(alert, words, at) {
  const since = startOf(alert);
  const witnesses = Object.values(alert.witnesses ?? {});
  const on = witnesses.filter(({ until, calculated }) => !until || calculated);
  const feeds = [...new Set((on.length ? on : [alert.source ?? {}]).map(({ feed }) => feed).filter(Boolean))];
  return [
    `${words.region(alert.region)}: ${alertWords({ type: alert.alert_type, level: alert.level }, words)}`,
    since === null ? "" : words.say("alerts.since", { time: zulu(since), age: at === null ? "" : hoursMinutes(at - since) }),
    alert.calculated ? words.say("alerts.calculated_by", { feeds: feeds.join(", ") }) : feeds.join(", "),
    alert.until ? words.say("alerts.end_calculated", { time: zulu(Date.parse(alert.until)) }) : "",
    ...witnesses
      .filter(({ until, calculated }) => until && !calculated)
      .map(({ feed, until }) => words.say("alerts.ended_by", { feed, time: zulu(Date.parse(until)) })),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The card of a region of the map: its alerts, the whole before parts, the oldest first; null where there is none. */
export function regionCard(key, byRegionMap, words, at) {
  if (!Object.hasOwn(byRegionMap, key)) return null;
  const region = byRegionMap[key];
  const sorted = [...region.alerts].sort(
    (a, b) => Number(b.region === key) - Number(a.region === key) || (startOf(a) ?? Infinity) - (startOf(b) ?? Infinity),
  );
  return [
    h("div", "card-heading", [words.region(key), extentWords(region, words)].filter(Boolean).join(" · ")),
    ...lines(sorted.map((alert) => told(alert, words, at)), words),
  ];
}

function lines(all, words) {
  const shown = all.slice(0, CARD_LINES).map((line) => h("div", "card-line", line));
  if (all.length > CARD_LINES) shown.push(h("div", "card-note", words.say("alerts.more", { n: all.length - CARD_LINES })));
  return shown;
}

export class AlertsView {
  #longest = null;
  #time = null;

  constructor(root, words) {
    this.list = root.querySelector("#alerts-list");
    this.aside = root.querySelector("#alerts-aside");
    this.words = words;
  }

  show(tree, byRegionMap) {
    const w = this.words;
    const state = summary(byRegionMap, tree, w.atlas.alert_regions);
    const { kinds, extents } = state;
    const levels = [
      kinds.red && h("span", "chip chip-red", w.say("alerts.red", { n: kinds.red })),
      kinds.yellow && h("span", "chip chip-yellow", w.say("alerts.yellow", { n: kinds.yellow })),
      kinds.plain && (kinds.red || kinds.yellow) && h("span", "chip chip-red", w.say("alerts.unlevelled", { n: kinds.plain })),
      state.permanent && h("span", "chip chip-permanent", w.say("alerts.permanent", { n: state.permanent })),
    ];
    // That all of them are whole goes without saying.
    const how = (extents.part || extents.calculated ? EXTENTS : [])
      .filter((extent) => extents[extent])
      .map((extent) => w.say(`alerts.n_${extent}`, { n: extents[extent] }));
    this.#time = h("b", "timer");
    this.#longest = state.longest?.since ?? null;
    const known = state.n || state.permanent;
    this.list.replaceChildren(
      h(
        "div",
        "row",
        known
          ? h("span", "big", h("b", "", String(state.n)), ` ${w.say("alerts.count", { n: "", of: state.of }).trim()}`)
          : h("span", "nothing", w.say("alerts.none")),
        h(
          "div",
          "longest",
          state.longest ? h("div", "", `${w.say("alerts.longest", { region: w.region(state.longest.region) })} `, this.#time) : "",
          h("div", "extents", how.join(" · ")),
        ),
      ),
      // Empty cells would say that those regions are known to be clear.
      known ? this.#meter(state, byRegionMap) : "",
    );
    this.aside.replaceChildren(...levels.filter(Boolean));
  }

  /** A cell for each counted region: the worst first, the whole before parts. */
  #meter({ of }, byRegionMap) {
    const meter = h("div", "meter");
    const cells = this.words.atlas.alert_regions
      .filter((key) => Object.hasOwn(byRegionMap, key))
      .map((key) => byRegionMap[key])
      .sort((a, b) => EXTENTS.indexOf(a.extent) - EXTENTS.indexOf(b.extent))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
    meter.append(...cells.map(({ kind, extent }) => h("i", `cell cell-${kind} cell-${extent}`)));
    for (let n = cells.length; n < of; n += 1) meter.append(h("i", "cell"));
    return meter;
  }

  tick(at) {
    if (this.#time && this.#longest !== null) text(this.#time, at === null ? "" : hoursMinutes(at - this.#longest));
  }

  /** What the panel's card says: regions in part with their parts, what is nowhere on the map, and the records. */
  cardNodes(tree, byRegionMap) {
    const w = this.words;
    const state = summary(byRegionMap, tree, w.atlas.alert_regions);
    const inPart = Object.entries(byRegionMap)
      .filter(([, { extent, kind }]) => extent !== "whole" && RANK[kind] >= AIR_RAID)
      .sort(([, a], [, b]) => (a.since ?? Infinity) - (b.since ?? Infinity))
      .map(([key, region]) => {
        const names = region.parts.length ? `: ${w.regions(region.parts, 6)}` : "";
        return `${w.region(key)} · ${extentWords(region, w)}${names}`;
      });
    const unplaced = elsewhere(tree, w.atlas.regions);
    return [
      h("div", "card-heading", w.say("alerts.heading", { n: state.n, of: state.of })),
      ...lines(inPart, w),
      ...[
        unplaced.length ? w.say("alerts.elsewhere", { names: w.regions(unplaced, 6) }) : "",
        ...this.#records(tree.records ?? {}),
      ]
        .filter(Boolean)
        .map((note) => h("div", "card-note", note)),
    ];
  }

  #records({ "alert.longest": longest, "alert.most_regions": most }) {
    const w = this.words;
    const night = (record) => (record.night_of ? w.say("tonight.night_of", { date: w.date(record.night_of) }) : "");
    return [
      longest &&
        w.say(longest.broken ? "records.longest_broken" : "records.longest", {
          age: w.age(longest.value * 1000),
          region: w.region(longest.region ?? ""),
          night: night(longest),
        }),
      most && w.say(most.broken ? "records.most_broken" : "records.most", { n: most.value, night: night(most) }),
    ];
  }
}
