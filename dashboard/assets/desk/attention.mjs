// What wants an operator's word: jets in the air, advisories that are on, and what of them nobody has acknowledged.

import { ackOf } from "../acks.mjs";
import { current, titleOf } from "../advisories.mjs";
import { idsOf } from "./related.mjs";

/**
 * What wants acknowledging, what nobody has first, then the newest: [{ name, kind, severity, key, ids, sinceMs, ack, item }].
 * at: the shown instant or null.
 */
export function wanting(tree, words, at) {
  const jets = Object.entries(tree.scrambles ?? {})
    .filter(([, scramble]) => scramble.state === "start")
    .map(([key, item]) => ({
      kind: "scramble",
      key,
      item,
      severity: "alarm",
      label: words.country(item.country),
      ids: idsOf("scrambles", key, item),
      sinceMs: Date.parse(item.since ?? item.announced_at ?? "") || null,
    }));
  const advisories = current(tree.advisories, at)
    .filter(([, item]) => item.state === "on" && item.severity !== "notice")
    .map(([key, item]) => ({
      kind: "advisory",
      key,
      item,
      severity: item.severity,
      label: titleOf(key, item, words.lang),
      ids: [...(item.why ?? [])],
      sinceMs: Date.parse(item.since) || null,
    }));
  return [...advisories, ...jets]
    .filter(({ ids }) => ids.length)
    .map((each) => ({ ...each, ack: ackOf(tree, each.ids) }))
    .sort((a, b) => Number(a.ack !== null) - Number(b.ack !== null) || (b.sinceMs ?? 0) - (a.sinceMs ?? 0));
}
