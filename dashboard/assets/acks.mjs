// Who has acknowledged what: by the ids of the events behind it.

/** The acknowledgement of something that these events stand behind: the first of theirs, or null. */
export function ackOf(tree, ids) {
  for (const id of ids) if (Object.hasOwn(tree?.acks ?? {}, id)) return tree.acks[id];
  return null;
}
