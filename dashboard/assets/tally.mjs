// Tonight's figures as they stand in the picture: which claim leads, and what its counters read. No elements here.

import { exact, line, reading } from "./count.mjs";
import { bestState, isStale, leadWitness } from "./freshness.mjs";

/** The claim that leads tonight's tally, or null. */
export function leadClaim(tree) {
  const key = tree?.tally?.claim;
  return key && Object.hasOwn(tree.claims ?? {}, key) ? { key, claim: tree.claims[key] } : null;
}

/** How many other claims there are of tonight. */
function otherClaims(tree, leadKey) {
  return Object.entries(tree.claims ?? {}).filter(([key, claim]) => key !== leadKey && claim.tonight).length;
}

const nightOf = (iso, words) => (iso ? words.say("tonight.night_of", { date: words.date(iso) }) : "");

/** The record before tonight as words: { value: "472", night: " on 1 Jun" }, or null. */
export function record(tree, figure, words) {
  const known = tree?.records?.[figure];
  if (!known) return null;
  return { value: words.number(known.value), night: nightOf(known.night_of, words), broken: known.broken === true };
}

/**
 * The four counters. Each: { name, state, hedge, number, label, lines, record, rate, bar, figure, hour }, where `figure` is the
 * dotted path of its quote, lines stand under the number, and hour tells how it changed in the last hour.
 */
export function counters(tree, words) {
  const claim = leadClaim(tree)?.claim;
  const rates = tree?.tally?.rates ?? {};
  const q = (outcome, weapon) => claim?.[outcome]?.[weapon];
  const say = (key, count) => words.say(key, { n: line(count, words) });

  const launched = {
    name: "uav-launched",
    figure: "launched.uav",
    label: words.say("tonight.uav_launched"),
    ...reading(q("launched", "uav"), words),
    record: record(tree, "launched.uav", words),
    lines: [],
  };

  const shot = q("shot_down", "uav");
  const suppressed = q("suppressed", "uav");
  const merged = q("neutralised", "uav");
  const parts = [
    shot && say("tonight.shot_down", shot),
    suppressed && say("tonight.suppressed", suppressed),
  ].filter(Boolean);
  const only = merged === undefined && suppressed === undefined ? shot : undefined;
  const rate = rates.uav;
  const neutralised = {
    name: "uav-neutralised",
    figure: merged ? "neutralised.uav" : "shot_down.uav",
    label: words.say(only ? "tonight.uav_shot_down" : "tonight.uav_neutralised"),
    ...reading(merged ?? only, words),
    rate: typeof rate === "number" ? words.say("tonight.rate", { rate: words.number(rate, 1) }) : "",
    bar: typeof rate === "number" ? barOf(rate, shot, suppressed, q("launched", "uav")) : null,
    lines: only ? [] : parts.length ? [parts.join(" · ")] : [],
  };

  const missilesDown = q("neutralised", "missile") ?? q("shot_down", "missile");
  const missiles = {
    name: "missiles",
    figure: "launched.missile",
    label: words.say("tonight.missiles"),
    ...reading(q("launched", "missile"), words),
    rate: typeof rates.missile === "number" ? words.say("tonight.rate", { rate: words.number(rates.missile, 1) }) : "",
    bar: null,
    lines: missilesDown
      ? [say(q("neutralised", "missile") ? "tonight.of_missiles" : "tonight.of_missiles_shot", missilesDown)]
      : [],
    record: record(tree, "launched.missile", words),
  };

  const impacts = {
    name: "impacts",
    figure: "impact_places",
    label: words.say("tonight.impacts"),
    ...reading(claim?.impact_places, words),
    lines: [
      claim?.debris_places && words.say("tonight.debris", { n: line(claim.debris_places, words) }),
      claim?.hits?.total && words.say("tonight.hits", { n: line(claim.hits.total, words) }),
    ].filter(Boolean),
  };
  return [launched, neutralised, missiles, impacts].map((counter) => ({ ...counter, hour: lastHour(tree, counter.figure, words) }));
}

/** "+123 in the last hour"; empty where nothing was known an hour ago, or nothing changed. */
function lastHour(tree, figure, words) {
  const change = tree?.tally?.hour?.[figure];
  if (typeof change !== "number" || change === 0) return "";
  return words.say("tonight.hour", { change: `${change > 0 ? "+" : "−"}${words.number(Math.abs(change))}` });
}

function barOf(rate, shot, suppressed, launched) {
  const [a, b, all] = [exact(shot), exact(suppressed), exact(launched)];
  if (a !== null && b !== null && all) {
    return [
      { kind: "down", share: (100 * a) / all },
      { kind: "suppressed", share: (100 * b) / all },
    ];
  }
  return [{ kind: "down", share: rate }];
}

/** The line under the counters: claimant, grade, age, witnesses; and whether its feeds are stale. */
export function provenance(tree, words) {
  const lead = leadClaim(tree);
  if (!lead) return null;
  const witnesses = Object.values(lead.claim.witnesses ?? {});
  const state = bestState(witnesses, tree.feeds);
  return {
    claimant: lead.claim.claimant ? words.claimant(lead.claim.claimant) : words.say("tonight.claimant_unknown"),
    source: witnesses.length ? leadWitness(witnesses) : null,
    witnesses: witnesses.length,
    others: otherClaims(tree, lead.key),
    ongoing: lead.claim.ongoing === true,
    state,
    stale: isStale(state),
  };
}
