// The cards of the wall's picture: where a number, a scramble, a line of the ticker is from.

import { sourceCard } from "./card.mjs";
import { openClaims } from "./claims.mjs";
import { lineOf } from "./lines.mjs";
import { measures } from "./records.mjs";
import { linkNotes } from "./scrambles.mjs";
import { counters, leadClaim } from "./tally.mjs";

/** screen: { root, station, words, card, stage, alerts, advisories }, of a wall or of what shows the same. */
export function pictureCards(screen) {
  const { root, station, words: w, card } = screen;
  const moment = () => station.moment();
  const inside = (heading, witnesses, quote, notes) => {
    const { tree, serverNow, instant } = moment();
    return sourceCard({ heading, witnesses, quote, notes, tree, words: w, serverNow, instant });
  };
  card.of(".figure", (element) => {
    const { tree } = moment();
    const counter = tree && counters(tree, w).find(({ name }) => name === element.id);
    if (!counter) return null;
    const claim = leadClaim(tree)?.claim;
    const number = [counter.hedge, counter.number].filter(Boolean).join(" ");
    const quotes = claim?.quotes ?? {};
    const stated = counter.state !== "absent";
    const quote = stated && Object.hasOwn(quotes, counter.figure) ? quotes[counter.figure] : undefined;
    const notes = [counter.record && w.say("card.record", counter.record), ...measures(counter.name, tree, w)];
    return inside(`${counter.label}: ${stated ? number : w.say("count.absent_title")}`, stated ? Object.values(claim.witnesses ?? {}) : [], quote, notes);
  });
  const open = (element) => {
    const { tree } = moment();
    const counter = tree && counters(tree, w).find(({ name }) => name === element.id);
    if (counter) openClaims(tree, counter.figure, w);
  };
  for (const figure of root.querySelectorAll(".figure")) {
    figure.addEventListener("click", () => open(figure));
    figure.addEventListener("keydown", ({ key }) => key === "Enter" && open(figure));
  }
  card.of("[data-scramble]", (element) => {
    const { tree } = moment();
    const scramble = tree?.scrambles?.[element.dataset.scramble];
    if (!scramble) return null;
    const [quote] = Object.values(scramble.quotes ?? {});
    return inside(w.country(scramble.country), Object.values(scramble.witnesses ?? {}), quote, [scramble.cause, ...linkNotes(scramble, tree, w)]);
  });
  card.of("[data-tick]", (element) => {
    const tick = moment().tree?.ticker?.[element.dataset.tick];
    if (!tick) return null;
    const { subject, what } = lineOf(tick, w);
    return inside(`${subject} · ${what}`, [tick.source], undefined, [tick.source.title]);
  });
  card.of("#alerts-list", () => {
    const { tree } = moment();
    return tree && screen.alerts.cardNodes(tree, screen.stage.byRegion);
  });
  card.of("[data-advisory]", (element) => {
    const { tree } = moment();
    return tree && screen.advisories.cardNodes(element.dataset.advisory, tree);
  });
}
