// What tonight's figures are measured by, as lines of a counter's card: how long ago, the mean, and what does not compare.

/** What each counter's card tells of: weapon of `since` records, figures of the comparison. */
const OF = {
  "uav-launched": { since: "launched.uav", compared: ["launched.uav"] },
  "uav-neutralised": { compared: ["neutralised.uav", "rate.uav"] },
  missiles: { since: "launched.missile", compared: ["launched.missile", "rate.missile"] },
};
const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
const number = (value, words) => words.number(Math.round(value * 10) / 10);

/** Lines for the counter `name`. tree: the picture. */
export function measures(name, tree, words) {
  const { since, compared = [] } = own(OF, name) ?? {};
  return [
    ...(since ? sinceLines(since, tree.records ?? {}, words) : []),
    ...compared.flatMap((figure) => comparison(figure, tree.trend ?? {}, words)),
    ...together(since, tree.tally, words),
    ...variants(since ?? compared[0], tree, words),
  ];
}

function sinceLines(figure, records, words) {
  const beginning = `since.${figure}.`;
  return Object.entries(records)
    .filter(([key]) => key.startsWith(beginning))
    .map(([key, { value, night_of: night }]) => ({ least: Number(key.slice(beginning.length)), value, night }))
    .filter(({ least }) => Number.isFinite(least))
    .sort((a, b) => a.least - b.least)
    .map(({ least, value, night }) =>
      words.say("records.since", {
        least: words.number(least),
        n: words.number(value),
        date: words.date(night ?? ""),
      }),
    );
}

function comparison(figure, { compare = {}, breaks = {} }, words) {
  const found = own(compare, figure);
  if (!found) return [];
  const { tonight, mean, nights, not_comparable: broken = "" } = found;
  const line = words.say(figure.startsWith("rate.") ? "records.mean_rate" : "records.mean", {
    tonight: number(tonight, words),
    mean: number(mean, words),
    n: words.number(nights),
  });
  if (!broken) return [line];
  const { note = broken, since = "" } = own(breaks, broken) ?? {};
  return [line, words.say("records.not_comparable", { note, date: words.date(since) })];
}

function together(figure, tally, words) {
  const sum = own(tally?.night, figure);
  return sum === undefined ? [] : [words.say("records.together", { n: words.number(sum) })];
}

function variants(figure, tree, words) {
  const claim = own(tree.claims, tree.tally?.claim);
  return Object.entries(own(claim?.variants, figure) ?? {}).map(([said, ids]) => {
    const feeds = [...new Set(ids.map((id) => own(claim.witnesses, id)?.feed).filter(Boolean))];
    return words.say("records.variant", { said, feeds: feeds.join(", ") });
  });
}
