// The client's picture: a snapshot, and the merge patches (RFC 7396) that came after it.

const BARRED = new Set(["__proto__", "constructor", "prototype"]);

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The result of applying a JSON Merge Patch to a value. Neither is changed; what a patch does not touch is
 * shared with the old tree, so that `===` tells what changed.
 */
export function mergePatch(target, patch) {
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (BARRED.has(key)) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

/** Holds the tree and the position in the streams that it is of. */
export class Picture {
  tree = null;
  position = null;

  /** Take a whole picture. */
  load(tree, position) {
    this.tree = mergePatch({}, tree);
    this.position = position;
  }

  /** Apply a delta. Throws when there is no picture for it to change. */
  apply(patch, position) {
    if (this.tree === null) throw new Error("a delta came before any snapshot");
    this.tree = mergePatch(this.tree, patch);
    this.position = position;
  }
}
