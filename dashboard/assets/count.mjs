// A figure as it was stated: absent is not zero, and a hedge stays a hedge.

const HEDGES = {
  nearly: "count.nearly",
  almost: "count.nearly",
  over: "count.over",
  "more than": "count.over",
  "at least": "count.at_least",
  "up to": "count.up_to",
  "at most": "count.up_to",
  about: "count.about",
  around: "count.about",
};

/**
 * How a Count reads: { state: "absent" | "exact" | "hedged", hedge, number }.
 * count: the picture's Count or undefined. words: to say hedges in the page's language.
 */
export function reading(count, words) {
  if (!count || typeof count !== "object") return { state: "absent", hedge: "", number: words.say("count.absent") };
  const { value, min, max, qualifier = "" } = count;
  const known = (n) => typeof n === "number" && Number.isFinite(n);
  const hedge = qualifier ? hedgeWords(qualifier, words) : "";
  if (known(value) && (qualifier || (!known(min) && !known(max)))) {
    return { state: qualifier ? "hedged" : "exact", hedge, number: words.number(value) };
  }
  if (known(min) && known(max)) {
    return { state: "hedged", hedge, number: `${words.number(min)}–${words.number(max)}` };
  }
  if (known(min)) return { state: "hedged", hedge: hedge || "≥", number: words.number(min) };
  if (known(max)) return { state: "hedged", hedge: hedge || "≤", number: words.number(max) };
  if (qualifier) return { state: "hedged", hedge: "", number: words.say("count.some") };
  return { state: "absent", hedge: "", number: words.say("count.absent") };
}

/** The same as one line: "479", "nearly 480", "≥ 50", "—". */
export function line(count, words) {
  const { hedge, number } = reading(count, words);
  return hedge ? `${hedge} ${number}` : number;
}

/** The number of a Count that nobody hedged, else null: all that may be reckoned with. */
export function exact(count) {
  if (!count || count.qualifier || count.min !== undefined || count.max !== undefined) return null;
  return typeof count.value === "number" ? count.value : null;
}

function hedgeWords(qualifier, words) {
  if (qualifier === "unnumbered") return "";
  return Object.hasOwn(HEDGES, qualifier) ? words.say(HEDGES[qualifier]) : qualifier;
}
