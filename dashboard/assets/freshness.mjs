// How far a source can be trusted to be of now: feeds that went quiet, slow or dead, and what came from them.

export const STATES = ["fresh", "quiet", "slow", "dead"];

/** How many feeds are in each state, and their names: { fresh: ["alerts-in-ua"], quiet: [], … }. */
export function feedsByState(feeds = {}) {
  const named = Object.fromEntries(STATES.map((state) => [state, []]));
  for (const [name, feed] of Object.entries(feeds)) (named[feed.state] ?? named.dead).push(name);
  for (const names of Object.values(named)) names.sort();
  return named;
}

/**
 * The best state among the feeds that relayed something: one live witness is enough.
 * witnesses: Sources of the picture. Feeds that report no health count as fresh.
 */
export function bestState(witnesses, feeds = {}) {
  let best = STATES.length;
  for (const source of witnesses) {
    const state = Object.hasOwn(feeds, source.feed) ? feeds[source.feed].state : "fresh";
    const rank = STATES.indexOf(state);
    best = Math.min(best, rank < 0 ? STATES.length - 1 : rank);
  }
  return STATES[best] ?? "fresh";
}

/** Whether that state dims what came from it. */
export const isStale = (state) => state === "slow" || state === "dead";

/** The witness to name: the best grade, then the earliest received. */
export function leadWitness(witnesses) {
  return [...witnesses].sort(
    (a, b) => (a.grade ?? "F6").localeCompare(b.grade ?? "F6") || a.received_at.localeCompare(b.received_at),
  )[0];
}
