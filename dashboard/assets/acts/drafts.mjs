// What was typed and not yet sent, kept in this tab's own storage for each person, form and item.

const BEGIN = "watchfloor.draft/";
const keyOf = (person, name, item) => BEGIN + [person, name, item].map(encodeURIComponent).join("/");

/** Keep it. data: plain. A storage that is full or shut keeps nothing, and the form says so: false. */
export function keep(person, name, item, data, storage = sessionStorage, now = Date.now()) {
  try {
    storage.setItem(keyOf(person, name, item), JSON.stringify({ at: now, data }));
    return true;
  } catch {
    return false;
  }
}

/** { at, data } of what was kept, or null. */
export function kept(person, name, item, storage = sessionStorage) {
  try {
    const found = JSON.parse(storage.getItem(keyOf(person, name, item)));
    return found && typeof found === "object" && found.data ? found : null;
  } catch {
    return null;
  }
}

export function drop(person, name, item, storage = sessionStorage) {
  try {
    storage.removeItem(keyOf(person, name, item));
  } catch {
    // Nothing can be kept there, so nothing is.
  }
}

/** All that a person has kept: [{ name, item, at }], the newest first. */
export function drafts(person, storage = sessionStorage) {
  const found = [];
  try {
    for (let n = 0; n < storage.length; n += 1) {
      const key = storage.key(n);
      if (!key.startsWith(BEGIN)) continue;
      const [who, name, item] = key.slice(BEGIN.length).split("/").map(decodeURIComponent);
      const draft = who === person && kept(person, name, item, storage);
      if (draft) found.push({ name, item, at: draft.at });
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => b.at - a.at);
}
