// What is claimed of tonight, side by side: every claim with its figures, who relays it and how far they agree, and what was
// said when. A counter opens it; nothing is added up.

import { h } from "./build.mjs";
import { dateTimeGroup, zulu } from "./clock.mjs";
import { line } from "./count.mjs";
import { openDialog } from "./dialog.mjs";
import { fieldWord } from "./desk/fieldwords.mjs";
import { quoteParts } from "./card.mjs";

const OUTCOMES = ["launched", "shot_down", "suppressed", "neutralised", "not_reached", "hits", "left_airspace", "still_airborne"];
const QUOTES = 6;
const PLACES = ["impact_places", "debris_places"];

/** The figures of a claim by dotted path, in the order in which they are read. */
function figuresOf(claim) {
  const found = [];
  for (const outcome of OUTCOMES) {
    for (const [name, value] of Object.entries(claim[outcome] ?? {})) {
      if (name === "types") found.push(...Object.entries(value).map(([weapon, count]) => [`${outcome}.types.${weapon}`, count]));
      else found.push([`${outcome}.${name}`, value]);
    }
  }
  for (const place of PLACES) if (claim[place]) found.push([place, claim[place]]);
  return found;
}

/** Tonight's claims, the leading one first. */
function claimsTonight(tree) {
  const lead = tree.tally?.claim;
  return Object.entries(tree.claims ?? {})
    .filter(([key, claim]) => claim.tonight || key === lead)
    .sort(([a], [b]) => Number(b === lead) - Number(a === lead) || (a < b ? -1 : 1))
    .map(([, claim]) => claim);
}

/** Open the dialog. figure: the dotted path that was asked about, which is marked. */
export function openClaims(tree, figure, words) {
  const claims = claimsTonight(tree);
  const title = words.say("claims.title");
  return openDialog("claims", {
    title,
    className: "claims-dialog",
    build: () => [h("h2", "", title), claims.length ? table(claims, figure, words) : h("p", "", words.say("tonight.none")), ...claims.map((claim) => details(claim, figure, words))],
  });
}

function table(claims, figure, words) {
  const paths = [...new Set(claims.flatMap((claim) => figuresOf(claim).map(([path]) => path)))];
  const head = h("tr", "", h("td"), ...claims.map((claim) => h("th", "", whose(claim, words))));
  const rows = paths.map((path) => {
    const cells = claims.map((claim) => {
      const found = figuresOf(claim).find(([each]) => each === path);
      const derived = (claim.derived ?? []).includes(path) ? ` ${words.say("claims.derived")}` : "";
      return h("td", found ? "stated" : "absent", found ? `${line(found[1], words)}${derived}` : words.say("count.absent"));
    });
    return h("tr", path === figure ? "asked" : "", h("th", "", fieldWord(path, words)), ...cells);
  });
  return h("table", "claims-table", h("thead", "", head), h("tbody", "", ...rows));
}

const whose = (claim, words) => {
  const window = [claim.window_start, claim.window_end].filter(Boolean).map((iso) => zulu(Date.parse(iso)));
  const who = claim.claimant ? words.claimant(claim.claimant) : words.say("tonight.claimant_unknown");
  return [who, window.length === 1 ? words.say("claims.from", { time: window[0] }) : window.join("–"), claim.scope === "regional" ? words.regions(claim.regions ?? []) : ""].filter(Boolean).join(" · ");
};

function details(claim, asked, words) {
  const parts = [h("h3", "", whose(claim, words))];
  const order = figuresOf(claim).map(([path]) => path);
  const quotes = Object.entries(claim.quotes ?? {}).sort(([a], [b]) => Number(b === asked) - Number(a === asked) || order.indexOf(a) - order.indexOf(b));
  for (const [path, quote] of quotes.slice(0, QUOTES)) {
    const [before, figure, behind] = quoteParts(quote);
    const sentence = h("blockquote", "", before, h("mark", "", figure), behind);
    sentence.lang = quote.lang ?? "und";
    parts.push(h("div", "claims-about", fieldWord(path, words)), sentence);
  }
  const witnesses = Object.entries(claim.witnesses ?? {}).map(([id, source]) => {
    const agreement = claim.agreement?.[id];
    const about = [source.feed, source.grade ?? "F6", source.published_at ? dateTimeGroup(Date.parse(source.published_at)) : "", source.title ?? ""];
    return h("li", agreement ?? "", about.filter(Boolean).join(" · "), agreement ? ` — ${words.say(`claims.${agreement}`)}` : "");
  });
  if (witnesses.length) parts.push(h("ul", "", ...witnesses));
  for (const [path, values] of Object.entries(claim.variants ?? {})) {
    for (const [value, by] of Object.entries(values)) {
      const feeds = by.map((id) => claim.witnesses?.[id]?.feed ?? id).join(", ");
      parts.push(h("p", "variant", `${fieldWord(path, words)}: ${words.say("records.variant", { said: value, feeds })}`));
    }
  }
  const said = Object.entries(claim.revisions ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { at, state, feed, figures = {} }]) => {
      const news = Object.entries(figures).map(([path, count]) => `${fieldWord(path, words)} ${line(count, words)}`);
      return h("li", "", [dateTimeGroup(Date.parse(at)), words.say(`claims.${state}`), feed, news.join(", ")].filter(Boolean).join(" · "));
    });
  if (said.length) parts.push(h("div", "claims-about", words.say("claims.said")), h("ol", "", ...said));
  return h("section", "claims-one", ...parts);
}
