// The fields of an event as rows of path and value, and what changed between two revisions of one.

/** Members that are not what an event says of the world, or are shown in places of their own. */
const FRAME = new Set(["id", "revision", "kind", "status", "msg_type", "run", "evidence", "doubts", "confidence", "by", "feed"]);

/** A place, which is one value: WGS 84 degrees. */
export const isPlace = (value) => typeof value?.lon === "number" && typeof value?.lat === "number" && Object.keys(value).length === 2;
const isCount = (value) => ["value", "min", "max", "qualifier"].some((name) => Object.hasOwn(value, name)) && Object.keys(value).every((name) => ["value", "min", "max", "qualifier"].includes(name));

/** What an event states: [[dotted path, value]], counts and lists whole. */
export function statedFields(event) {
  const found = [];
  const walk = (value, path) => {
    if (Array.isArray(value) || value === null || typeof value !== "object" || isCount(value) || isPlace(value)) found.push([path, value]);
    else for (const [name, inner] of Object.entries(value)) walk(inner, path ? `${path}.${name}` : name);
  };
  for (const [name, value] of Object.entries(event)) if (!FRAME.has(name)) walk(value, name);
  return found;
}

/** What is another than before: [{ path, before, after }], undefined for what is not there. The evidence's text counts as one. */
export function changesBetween(before, after) {
  const flat = (event) => {
    const members = new Map(statedFields(event));
    for (const name of ["status", "msg_type", "feed", "by"]) if (event[name] !== undefined) members.set(name, event[name]);
    if (event.evidence?.text) members.set("evidence.text", event.evidence.text);
    return members;
  };
  const [a, b] = [flat(before), flat(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)))
    .map((path) => ({ path, before: a.get(path), after: b.get(path) }));
}
