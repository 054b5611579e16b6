// What two pictures of one instant, as known then and as known now, do not agree on. No elements here.

import { lineOf } from "../lines.mjs";
import { counters } from "../tally.mjs";

const keysOf = (tree, member) => new Set(Object.keys(tree?.[member] ?? {}));

/** What a region is under, in one word; "" for nothing. */
function stateOf(region) {
  if (!region || (!region.alerting && !region.permanent)) return "";
  if (!region.alerting) return "permanent";
  return [(region.levels ?? []).join("+") || "plain", region.whole ? "" : "part"].filter(Boolean).join(" ");
}

/**
 * What differs between the pictures `then` and `now`:
 * counters: [{ name, label, then, now }], regions: [{ key, then, now }] with "" for no alert,
 * scrambles, threats and strikes: { then: [keys only then], now: [keys only now] },
 * lines: { then: [ticks], now: [ticks] } of the ticker, log: the same of the log, feeds: [{ name, then, now }].
 */
export function difference(then, now, words) {
  const [before, after] = [then, now].map((tree) => Object.fromEntries(counters(tree, words).map((each) => [each.name, each])));
  const written = (counter) => (counter.state === "absent" ? "" : [counter.hedge, counter.number].filter(Boolean).join(" "));
  const figures = Object.values(before)
    .map(({ name, label }) => ({ name, label, then: written(before[name]), now: written(after[name]) }))
    .filter((each) => each.then !== each.now);
  const regions = [...new Set([...keysOf(then, "regions"), ...keysOf(now, "regions")])]
    .map((key) => ({ key, then: stateOf(then.regions?.[key]), now: stateOf(now.regions?.[key]) }))
    .filter((each) => each.then !== each.now)
    .sort((a, b) => a.key.localeCompare(b.key));
  const only = (member, of = Object.keys) => {
    const [one, other] = [then, now].map((tree) => tree?.[member] ?? {});
    return { then: of(one).filter((key) => !Object.hasOwn(other, key)), now: of(other).filter((key) => !Object.hasOwn(one, key)) };
  };
  const entries = (member) => {
    const { then: gone, now: come } = only(member);
    return { then: gone.map((key) => then[member][key]), now: come.map((key) => now[member][key]) };
  };
  const feeds = [...new Set([...keysOf(then, "feeds"), ...keysOf(now, "feeds")])]
    .map((name) => ({ name, then: then.feeds?.[name]?.state ?? "", now: now.feeds?.[name]?.state ?? "" }))
    .filter((each) => each.then !== each.now);
  return {
    counters: figures,
    regions,
    scrambles: entries("scrambles"),
    threats: entries("threats"),
    strikes: entries("strikes"),
    lines: linesOf(then, now, words),
    log: entries("log"),
    feeds,
  };
}

/** Lines of the ticker by what they say, since the two pictures number them each by themselves. */
function linesOf(then, now, words) {
  const read = (tree) =>
    new Map(
      Object.values(tree?.ticker ?? {}).map((tick) => {
        const { subject, what, tone } = lineOf(tick, words);
        return [`${tick.at} ${tick.kind} ${tick.subject} ${what}`, { at: tick.at, subject, what, tone }];
      }),
    );
  const [one, other] = [read(then), read(now)];
  const missing = (from, to) => [...from].filter(([key]) => !to.has(key)).map(([, line]) => line);
  return { then: missing(one, other), now: missing(other, one) };
}

/** How many things differ, for the tab. */
export function countOf({ counters: figures, regions, scrambles, threats, strikes, log }) {
  const sides = [scrambles, threats, strikes, log];
  return figures.length + regions.length + sides.reduce((sum, side) => sum + side.then.length + side.now.length, 0);
}
