// Values inside an event by dotted path (`launched.uav`), and whether two of them mean the same.

/** The value at a path, or undefined. */
export function valueAt(event, path) {
  let at = event;
  for (const part of path.split(".")) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, part)) return undefined;
    at = at[part];
  }
  return at ?? undefined;
}

/** A plain object out of dotted paths; values that are undefined or null are left out. */
export function nested(values) {
  const made = {};
  for (const [path, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const parts = path.split(".");
    let at = made;
    for (const part of parts.slice(0, -1)) at = at[part] ??= {};
    at[parts.at(-1)] = value;
  }
  return made;
}

/** A text that is the same for values that mean the same: keys sorted, instants in one form, absent and empty alike. */
function canonical(value) {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)) {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? value : `t${ms}`;
  }
  if (Array.isArray(value)) return value.length ? `[${value.map(canonical).join(",")}]` : "";
  if (typeof value === "object") {
    const inside = Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])])
      .filter(([, said]) => said !== "")
      .map(([key, said]) => `${key}:${said}`);
    return inside.length ? `{${inside.join(",")}}` : "";
  }
  return JSON.stringify(value);
}

export const same = (a, b) => canonical(a) === canonical(b);
