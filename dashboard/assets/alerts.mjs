// Air-raid alerts by region: the panel ALERTS, and what each region of the map is under.

import { h, text } from "./build.mjs";
import { hoursMinutes } from "./clock.mjs";

const RANK = { red: 4, plain: 3, yellow: 2, other: 1, permanent: 0 };

/** The nearest region, itself or above, that is drawn on the map. */
function drawn(key, regions, mapped) {
  for (let at = key; at; at = regions[at]?.parent) if (mapped.has(at)) return at;
  return null;
}

/** What one AlertView is drawn as: red, plain (an air alert without level), yellow, other, permanent. */
function kindOf(alert) {
  if (alert.permanent) return "permanent";
  if (alert.alert_type !== "air_raid") return "other";
  if (alert.level === "red") return "red";
  return alert.level === "yellow" ? "yellow" : "plain";
}

/**
 * Region to { kind, since, parts, types }: its worst alert, since when (the earliest start of that kind), and how
 * many regions below it are under alert themselves. mapped: keys that the map has a polygon for.
 */
export function byRegion(alerts = {}, regions = {}, mapped = new Set(Object.keys(regions))) {
  const found = {};
  for (const alert of Object.values(alerts)) {
    const key = drawn(alert.region, regions, mapped);
    if (key === null) continue;
    const kind = kindOf(alert);
    const since = alert.since ? Date.parse(alert.since) : null;
    const region = (found[key] ??= { kind, since, parts: new Set(), types: new Set() });
    if (RANK[kind] > RANK[region.kind]) Object.assign(region, { kind, since });
    else if (kind === region.kind && since !== null) region.since = Math.min(region.since ?? since, since);
    if (key !== alert.region) region.parts.add(alert.region);
    region.types.add(alert.alert_type);
  }
  return found;
}

/** What the panel says: { n, of, permanent, red, yellow, plain, longest: { region, since } | null }. */
export function summary(byRegionMap, alertRegions) {
  const counted = new Set(alertRegions);
  const result = { n: 0, of: counted.size, permanent: 0, red: 0, yellow: 0, plain: 0, other: 0, longest: null };
  for (const [key, { kind, since }] of Object.entries(byRegionMap)) {
    if (!counted.has(key)) continue;
    result[kind] += 1;
    // Those under alert since 2022 are among the regions under alert, and no part of tonight's "longest".
    result.n += 1;
    if (kind !== "permanent" && since !== null && (result.longest === null || since < result.longest.since)) {
      result.longest = { region: key, since };
    }
  }
  return result;
}

export class AlertsView {
  #longest = null;
  #time = null;

  constructor(root, words) {
    this.list = root.querySelector("#alerts-list");
    this.aside = root.querySelector("#alerts-aside");
    this.words = words;
  }

  show(byRegionMap) {
    const w = this.words;
    const state = summary(byRegionMap, w.atlas.alert_regions);
    const levels = [
      state.red && h("span", "chip chip-red", w.say("alerts.red", { n: state.red })),
      state.yellow && h("span", "chip chip-yellow", w.say("alerts.yellow", { n: state.yellow })),
      state.plain && (state.red || state.yellow) && h("span", "chip chip-red", w.say("alerts.unlevelled", { n: state.plain })),
      state.permanent && h("span", "chip chip-permanent", w.say("alerts.permanent", { n: state.permanent })),
    ];
    const meter = h("div", "meter");
    for (const kind of ["red", "plain", "yellow", "other", "permanent"]) {
      for (let n = 0; n < state[kind]; n += 1) meter.append(h("i", `cell cell-${kind}`));
    }
    for (let n = state.n; n < state.of; n += 1) meter.append(h("i", "cell"));
    this.#time = h("b", "timer");
    this.#longest = state.longest?.since ?? null;
    this.list.replaceChildren(
      h(
        "div",
        "row",
        state.n
          ? h("span", "big", h("b", "", String(state.n)), ` ${w.say("alerts.count", { n: "", of: state.of }).trim()}`)
          : h("span", "nothing", w.say("alerts.none")),
        state.longest
          ? h("span", "longest", `${w.say("alerts.longest", { region: w.region(state.longest.region) })} `, this.#time)
          : "",
      ),
      // Empty cells would say that those regions are known to be clear.
      state.n ? meter : "",
    );
    this.aside.replaceChildren(...levels.filter(Boolean));
  }

  tick(at) {
    if (this.#time && this.#longest !== null) text(this.#time, at === null ? "" : hoursMinutes(at - this.#longest));
  }
}
