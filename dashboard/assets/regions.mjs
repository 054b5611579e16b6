// What lies in what: the regions of the atlas, and those whose keys are made from what is above them
// ("151/hromada/umanska"). Keys come from feeds: one that nobody knows is nowhere, and breaks nothing.

const DERIVED = /^(.+)\/(raion|hromada|city)\/([a-z0-9-]+)$/;
/** Steps upward at most: a loop in the data must not hang the page. */
const MOST_STEPS = 8;

/** A made key as { parent, level, name }, or null: "151/hromada/umanska" is "Umanska", below 151. */
export function derived(key) {
  const found = DERIVED.exec(key);
  if (!found) return null;
  const name = found[3].split("-").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("-");
  return { parent: found[1], level: found[2], name };
}

/** The key right above a region, or undefined. */
const parentOf = (key, regions) =>
  Object.hasOwn(regions, key) ? regions[key].parent : derived(key)?.parent;

/** The nearest region, itself or above, that the map has a polygon for; null where there is none. */
export function drawnAbove(key, regions) {
  let at = key;
  for (let n = 0; at && n < MOST_STEPS; n += 1, at = parentOf(at, regions)) {
    if (Object.hasOwn(regions, at) && regions[at].drawn) return at;
  }
  return null;
}

/** The nearest region, itself or above, that has a label point; null where there is none. */
export function pointAbove(key, regions) {
  let at = key;
  for (let n = 0; at && n < MOST_STEPS; n += 1, at = parentOf(at, regions)) {
    if (Object.hasOwn(regions, at) && Number.isFinite(regions[at].lon)) return [regions[at].lon, regions[at].lat];
  }
  return null;
}
