// What stands behind a conclusion of ours: the alerts, threats, scrambles and reports whose events it names.

import { zulu } from "./clock.mjs";
import { alertWords, threatWords } from "./lines.mjs";

const LINES = 6;

const has = (witnesses, ids) => Object.keys(witnesses ?? {}).some((id) => ids.has(id));
const at = (iso) => (iso ? zulu(Date.parse(iso)) : "");
const feedsOf = ({ witnesses, source }) => [
  ...new Set((witnesses && Object.keys(witnesses).length ? Object.values(witnesses) : [source ?? {}]).map(({ feed }) => feed).filter(Boolean)),
];

/**
 * Lines for event ids, one an item: "Lviv: air alert · 00:47Z · alerts-in-ua". What the picture no longer holds (an
 * alert that is over) is only counted.
 */
export function evidenceLines(tree, events, words) {
  const ids = new Set(events);
  const named = new Set();
  const lines = [];
  const take = (item, extra, what, since) => {
    const own = [...extra, ...Object.keys(item.witnesses ?? {})].filter((id) => ids.has(id));
    own.forEach((id) => named.add(id));
    if (own.length) lines.push([what, at(since), feedsOf(item).join(", ")].filter(Boolean).join(" · "));
  };
  for (const alert of Object.values(tree.alerts ?? {})) {
    const what = alertWords({ type: alert.alert_type, level: alert.level }, words);
    take(alert, [alert.source?.event], `${words.region(alert.region)}: ${what}`, alert.since);
  }
  for (const [key, threat] of Object.entries(tree.threats ?? {})) {
    const where = threat.regions?.length ? `${words.regions(threat.regions)}: ` : "";
    const what = threatWords({ type: threat.threat_type, weapon: threat.weapon, toward: threat.toward }, words);
    take(threat, [key, threat.source?.event], where + what, threat.since);
  }
  for (const scramble of Object.values(tree.scrambles ?? {})) {
    take(scramble, [], `${words.country(scramble.country)}: ${words.say("line.scramble")}`, scramble.since);
  }
  for (const claim of Object.values(tree.claims ?? {})) {
    if (has(claim.witnesses, ids)) take(claim, [], `${words.claimant(claim.claimant)}: ${words.say("line.report")}`, claim.as_of);
  }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES) shown.push(words.say("alerts.more", { n: lines.length - LINES }));
  const over = [...ids].filter((id) => !named.has(id)).length;
  if (over) shown.push(words.say(shown.length ? "evidence.more_over" : "evidence.over", { n: over }));
  return shown;
}
