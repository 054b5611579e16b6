// A figure with its hedge, as it is stated: to an event's Count and back.

/** Our words for hedges, and which number of a Count each is. */
export const HEDGES = [
  ["exact", "value"],
  ["about", "value"],
  ["nearly", "value"],
  ["over", "min"],
  ["at least", "min"],
  ["up to", "max"],
  ["unnumbered", ""],
];
const SAME = { almost: "nearly", "more than": "over", "at most": "up to", around: "about" };

/** { hedge, number } of a Count: what stands in the two parts of its field. A range is written "20-30". */
export function split(count) {
  if (!count) return { hedge: "exact", number: "" };
  const { value, min, max, qualifier = "" } = count;
  const hedge = SAME[qualifier] ?? qualifier;
  if (min !== undefined && max !== undefined && min !== max && value === undefined) return { hedge: hedge || "exact", number: `${min}-${max}` };
  const known = HEDGES.some(([name]) => name === hedge);
  const number = value ?? min ?? max;
  const plain = value !== undefined ? "exact" : min !== undefined ? "at least" : max !== undefined ? "up to" : "exact";
  return { hedge: known ? hedge : plain, number: number === undefined ? "" : String(number) };
}

/**
 * A Count of a hedge and a typed number; undefined where nothing is stated, null where it is no number.
 * before: what it was; where it reads the same it stays as it is, with whatever else it says.
 */
export function joined(hedge, typed, before) {
  const was = split(before);
  const number = typed.replace(/\s/g, "");
  if (before && was.hedge === hedge && was.number === number) return before;
  if (hedge === "unnumbered") return number ? null : { qualifier: "unnumbered" };
  if (!number) return undefined;
  const range = /^(\d{1,7})[-–—](\d{1,7})$/.exec(number);
  if (range) {
    const [min, max] = [Number(range[1]), Number(range[2])];
    return min <= max ? { min, max, ...(hedge === "exact" ? {} : { qualifier: hedge }) } : null;
  }
  if (!/^\d{1,7}$/.test(number) || Number(number) > 1_000_000) return null;
  const [, part] = HEDGES.find(([name]) => name === hedge) ?? ["exact", "value"];
  return { [part]: Number(number), ...(hedge === "exact" ? {} : { qualifier: hedge }) };
}
