// The one door to Dash's components: sets their properties, and only those that changed.
// Only text and numbers go through it, so that nothing from outside can become an element.

const shown = new Map();

/** properties: of the component `id`; values are strings, numbers, booleans, or for a store, plain data. */
export function put(id, properties, dash = globalThis.dash_clientside) {
  const before = shown.get(id) ?? {};
  const changed = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name === "children" && typeof value !== "string") throw new TypeError(`children of ${id} must be text`);
    if (before[name] !== value) changed[name] = value;
  }
  if (Object.keys(changed).length === 0) return false;
  dash.set_props(id, changed);
  shown.set(id, { ...before, ...changed });
  return true;
}
