// Which items of the picture an event stands behind, and which events stand behind an item. Keys of the tree, no elements.

const LISTS = ["scrambles", "threats", "claims", "strikes", "statements", "alerts", "restrictions", "markers"];

/** Ids of the events behind one item of the picture, the one that was heard last first. */
export function idsOf(list, key, item) {
  const witnesses = Object.entries(item.witnesses ?? {})
    .sort(([, a], [, b]) => (a.received_at < b.received_at ? 1 : -1))
    .map(([id]) => id);
  const own = [item.newest, item.source?.event, list === "markers" || (list === "threats" && !witnesses.includes(key)) ? key : ""];
  return [...new Set([...own, ...witnesses].filter(Boolean))];
}

/** Items of the picture that an event stands behind: [{ list, key, item }]. */
export function itemsOf(tree, id) {
  if (!tree) return [];
  return LISTS.flatMap((list) =>
    Object.entries(tree[list] ?? {})
      .filter(([key, item]) => key === id || item.newest === id || item.source?.event === id || Object.hasOwn(item.witnesses ?? {}, id))
      .map(([key, item]) => ({ list, key, item })),
  );
}

/** Ids of the events behind what the map shows under a key: a symbol of the overlay, or a region. */
export function idsOnMap(tree, hit) {
  if (!tree || !hit) return [];
  if (hit.region) {
    const inside = new Set([hit.region, ...(tree.regions?.[hit.region]?.parts ?? [])]);
    return Object.entries(tree.alerts ?? {})
      .filter(([, alert]) => inside.has(alert.region))
      .flatMap(([key, alert]) => idsOf("alerts", key, alert));
  }
  const { kind, key } = hit.item;
  const list = { threat: "threats", scramble: "scrambles", strike: "strikes", marker: "markers" }[kind];
  const item = list && Object.hasOwn(tree[list] ?? {}, key) ? tree[list][key] : null;
  if (item) return idsOf(list, key, item);
  if (kind === "closed") {
    const closed = Object.values(tree.restrictions ?? {}).filter(({ subject }) => subject === key).map(({ source }) => source.event);
    const jets = Object.values(tree.scrambles ?? {}).filter((scramble) => Object.hasOwn(scramble.airports ?? {}, key) || (scramble.airports_closed ?? []).includes(key));
    return [...closed, ...jets.flatMap((scramble) => idsOf("scrambles", "", scramble))];
  }
  return [];
}

/** The key under which the map shows what an event stands behind, or null. */
export function keyOnMap(tree, id) {
  const found = itemsOf(tree, id);
  const of = (list) => found.find((each) => each.list === list);
  const symbol = of("threats") ?? of("scrambles") ?? of("strikes") ?? of("markers");
  if (symbol) return symbol.key;
  return of("restrictions")?.item.subject ?? null;
}
