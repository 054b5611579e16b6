// The panel ANNOUNCED NOW: what is said to be in the air, by kind. It has its place until the night's first report comes.
// It counts announcements; how many weapons each is of is another figure, and the two are never mixed.

import { h } from "./build.mjs";
import { symbolUrl } from "./sprites.mjs";

const ORDER = [
  "ballistic_missiles",
  "cruise_missiles",
  "unspecified_missiles",
  "mig31k_departure",
  "strategic_aircraft_activity",
  "guided_aerial_bombs",
  "drones",
];
const SHOWN = 5;

/** { live: [[threat type, how many announcements], …] in order of danger, stale: how many }. */
export function announced(threats = {}) {
  const live = new Map();
  let stale = 0;
  for (const threat of Object.values(threats)) {
    if (threat.state === "ended") continue;
    if (threat.stale || threat.state === "lost") stale += 1;
    else live.set(threat.threat_type, (live.get(threat.threat_type) ?? 0) + 1);
  }
  const rank = (type) => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length);
  return { live: [...live].sort(([a], [b]) => rank(a) - rank(b)), stale };
}

export class ThreatsView {
  #shown = null;

  constructor(root, words, symbols) {
    this.section = root.querySelector("#threats");
    this.list = root.querySelector("#threats-list");
    this.aside = root.querySelector("#threats-aside");
    this.words = words;
    this.symbols = symbols;
  }

  /** hidden: the night's report has come and needs the room. */
  show(threats, hidden) {
    this.section.hidden = hidden;
    if (hidden || this.#shown === threats) return;
    this.#shown = threats;
    const w = this.words;
    const { live, stale } = announced(threats);
    this.aside.textContent = stale ? w.say("threats.stale", { n: stale }) : "";
    this.list.replaceChildren(
      ...(live.length
        ? live.slice(0, SHOWN).map(([type, n]) => this.#row(type, n))
        : [h("div", "nothing", w.say("threats.none"))]),
    );
  }

  #row(type, n) {
    const w = this.words;
    const known = w.has(`threat.${type}`) ? type : "unknown";
    const symbol = Object.assign(document.createElement("img"), { src: symbolUrl(this.symbols, known), alt: "" });
    return h("div", "row threat-row", symbol, h("span", "who", w.say(`threat.${known}`)), h("b", "timer", w.say("threats.groups", { n })));
  }
}
