// What the theatre knows by name, to pick from by typing a part of it in the page's language.

import { derived } from "../regions.mjs";

const LIMIT = 40;
const PLAIN = { ł: "l", đ: "d", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i", "ʼ": "", "’": "", "'": "" };

/** Case, accents and apostrophes make no difference to who types in a hurry. */
export function fold(text) {
  const plain = text.toLowerCase().replace(/[łđøßæœıʼ’']/g, (letter) => PLAIN[letter]);
  // Й and Ї are letters of their own, but who types И or І means them too.
  return plain.normalize("NFD").replace(/\p{M}/gu, "");
}

/** Every choice of a kind: [{ key, name, more }]. more: what tells two of one name apart. */
export function choices(words, kind) {
  const { atlas } = words;
  const all = (of, name = (entry) => entry.name) =>
    Object.entries(atlas[of] ?? {}).map(([key, entry]) => ({ key, name: name(entry), more: key }));
  switch (kind) {
    case "region":
      return all("regions", (entry) => entry.label).map((choice) => {
        const { parent, drawn } = atlas.regions[choice.key];
        // What has alerts is what is meant most often.
        const rank = atlas.alert_regions?.includes(choice.key) ? 0 : drawn ? 1 : 2;
        return { ...choice, rank, more: parent ? words.region(parent) : choice.key };
      });
    case "area":
      return [...all("groups").map((choice) => ({ ...choice, rank: 0 })), ...choices(words, "region")];
    case "country":
      return all("countries");
    case "base":
      return all("bases");
    case "weapon":
      return all("weapons");
    case "claimant":
      return all("claimants");
    default:
      throw new TypeError(`nothing is picked from ${kind}`);
  }
}

/** The choices that a typed text may mean, the likeliest first. */
export function matching(all, typed, most = LIMIT) {
  const wanted = fold(typed.trim());
  const ranked = [];
  for (const choice of all) {
    const name = fold(choice.name);
    const key = choice.key.toLowerCase();
    const begins = name.startsWith(wanted) || key === wanted;
    const word = begins || name.split(/[\s/(-]+/).some((part) => part.startsWith(wanted)) || key.startsWith(wanted);
    const inside = word || name.includes(wanted) || key.includes(wanted);
    if (inside) ranked.push([begins ? 0 : word ? 1 : 2, choice.rank ?? 0, name, choice]);
  }
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0));
  return ranked.slice(0, most).map((entry) => entry[3]);
}

/** What a key is called; a key that the theatre does not have is its own name. */
export function nameOf(words, kind, key) {
  const of = { region: "regions", area: "regions", country: "countries", base: "bases", weapon: "weapons", claimant: "claimants" }[kind];
  const found = words.atlas[of]?.[key] ?? (kind === "area" ? words.atlas.groups?.[key] : undefined);
  if (found) return found.label ?? found.name;
  return (kind === "region" || kind === "area") && derived(key) ? words.region(key) : words.subject(key);
}
