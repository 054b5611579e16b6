// The panel of what is on: what wants acknowledging, threats, alerts, feeds that are down; beside it the log.

import { h, text } from "../build.mjs";
import { hoursMinutes, timer, zulu } from "../clock.mjs";
import { line } from "../count.mjs";
import { lineOf, threatWords } from "../lines.mjs";
import { launchOf } from "../scrambles.mjs";
import { counters } from "../tally.mjs";
import { newest } from "../ticker.mjs";
import { wanting } from "./attention.mjs";
import { logRows } from "./logbook.mjs";
import { idsOf } from "./related.mjs";
import { DeskTabs } from "./tabs.mjs";

const MOST = 60;
const LATEST = 12;
export const SIDES = ["now", "log"];

export class NowView {
  #tree = null;
  #ticks = [];
  #shape = "";
  #tabbed = "";
  side = "now";

  /** choose(ids): select. act(name, { ids, log }): open an act. words(): those of the page. may(): whether acts are open to the person. */
  constructor(root, { words, choose, act, may, changed }) {
    Object.assign(this, { words, choose, act, may, changed });
    this.tally = root.querySelector("#tally");
    this.list = root.querySelector("#now-list");
    this.tabs = new DeskTabs(root.querySelector("#now-tabs"), { prefix: "side", names: SIDES, page: "now-list", open: (side) => this.open(side) });
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("keydown", (event) => this.#arrow(event));
  }

  open(side) {
    if (!SIDES.includes(side) || side === this.side) return;
    this.side = side;
    this.#shape = "";
    if (this.#tree) this.show(this.#tree, this.at, this.selected);
    this.changed();
  }

  /** at: the shown instant or null. selected: ids. */
  show(tree, at, selected = []) {
    this.#tree = tree;
    this.at = at;
    this.selected = selected;
    this.wanting = wanting(tree, this.words, at);
    this.#tally(tree);
    this.#tabs(tree);
    const shape = this.side === "log" ? this.#logShape(tree) : this.#nowShape(tree);
    const key = JSON.stringify([this.words.lang, this.side, this.may(), shape.map(({ key, label, sub, ack, state, tone }) => [key, label, sub, ack?.by, state, tone])]);
    if (key !== this.#shape) {
      this.#shape = key;
      this.#draw(shape);
    }
    this.mark(selected);
    this.tick(at);
  }

  /** Timers. */
  tick(at) {
    for (const { element, sinceMs, write } of this.#ticks) text(element, at === null || sinceMs === null ? "" : write(at - sinceMs));
  }

  mark(selected) {
    const wanted = new Set(selected);
    for (const row of this.list.querySelectorAll("[data-ids]")) {
      const is = JSON.parse(row.dataset.ids).some((id) => wanted.has(id));
      row.classList.toggle("selected", is);
      if (is) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  get unacked() {
    return (this.wanting ?? []).filter(({ ack }) => !ack);
  }

  #tally(tree) {
    const w = this.words;
    const all = counters(tree, w).filter(({ state }) => state !== "absent");
    const parts = all.map((counter) =>
      h("span", "tally-item", h("b", "", [counter.hedge, counter.number].filter(Boolean).join(" ")), ` ${counter.label}`, counter.rate ? h("span", "tally-rate", counter.rate) : ""),
    );
    const key = parts.map((part) => part.textContent).join("|");
    if (key === this.tally.dataset.shown) return;
    this.tally.dataset.shown = key;
    this.tally.replaceChildren(...(parts.length ? parts : [h("span", "tally-none", w.say("tonight.none"))]));
  }

  #tabs(tree) {
    const w = this.words;
    const counts = { now: this.unacked.length, log: Object.keys(tree.log ?? {}).length };
    const key = JSON.stringify([this.side, counts, w.lang]);
    if (this.#tabbed === key) return;
    this.#tabbed = key;
    const tab = (side) => [w.say(`desk.side.${side}`), counts[side] ? h("span", side === "now" ? "badge badge-wants" : "badge", String(counts[side])) : ""];
    this.tabs.show(this.side, Object.fromEntries(SIDES.map((side) => [side, tab(side)])));
  }

  #nowShape(tree) {
    const w = this.words;
    const rows = [];
    for (const each of this.wanting) {
      const jets = each.kind === "scramble";
      const launch = jets ? launchOf(each.item) : null;
      rows.push({
        key: `want|${each.kind}|${each.key}`,
        group: each.ack ? "acked" : "wants",
        ids: each.ids,
        tone: jets ? "scramble" : each.severity === "alarm" ? "red" : "yellow",
        label: jets ? w.say(each.item.allied ? "scrambles.jets_allied" : "scrambles.jets", { nation: w.national(each.item.country) }) : each.label,
        sub: jets ? this.#jets(each.item) : w.say(`advisories.${each.severity}`),
        sinceMs: jets ? (launch?.at ?? null) : each.sinceMs,
        write: (ms) => (jets ? `${launch?.stated ? "" : "≥ "}${timer(ms)}` : hoursMinutes(ms)),
        ack: each.ack,
        wants: true,
      });
    }
    for (const [key, scramble] of Object.entries(tree.scrambles ?? {}).filter(([, { state }]) => state === "end")) {
      rows.push({ key: `down|${key}`, group: "jets_down", ids: idsOf("scrambles", key, scramble), tone: "clear", label: w.country(scramble.country), sub: scramble.until ? w.say("scrambles.stood_down", { time: zulu(Date.parse(scramble.until)) }) : w.say("scrambles.stood_down_unknown") });
    }
    const threats = Object.entries(tree.threats ?? {}).filter(([, { state, stale }]) => state !== "ended" && !stale);
    for (const [key, threat] of threats.sort(([, a], [, b]) => ((a.updated_at ?? "") < (b.updated_at ?? "") ? 1 : -1)).slice(0, MOST)) {
      const count = threat.count ? ` ×${line(threat.count, w)}` : "";
      rows.push({ key: `threat|${key}`, group: "threats", ids: idsOf("threats", key, threat), tone: "threat", label: threatWords({ type: threat.threat_type, weapon: threat.weapon, toward: threat.toward }, w) + count, sub: w.regions(threat.regions ?? [], 2), sinceMs: Date.parse(threat.updated_at ?? threat.since ?? "") || null, write: hoursMinutes });
    }
    const regions = Object.entries(tree.regions ?? {}).filter(([, { alerting }]) => alerting);
    for (const [key, region] of regions.sort(([, a], [, b]) => ((a.since ?? "") < (b.since ?? "") ? -1 : 1)).slice(0, MOST)) {
      const ids = Object.entries(tree.alerts ?? {}).filter(([, alert]) => alert.region === key || (region.parts ?? []).includes(alert.region)).flatMap(([each, alert]) => idsOf("alerts", each, alert));
      const levels = (region.levels ?? []).map((level) => w.say(`alert.level.${level}`)).join(" · ");
      const part = region.whole ? "" : region.parts?.length ? w.say("alerts.parts_short", { n: region.parts.length, of: region.of }) : w.say("alerts.in_part");
      rows.push({ key: `region|${key}`, group: "alerts", ids, tone: (region.levels ?? []).includes("red") || !(region.levels ?? []).length ? "red" : "yellow", label: w.region(key), sub: [levels, part].filter(Boolean).join(" · "), sinceMs: Date.parse(region.since ?? "") || null, write: hoursMinutes });
    }
    const down = Object.entries(tree.feeds ?? {}).filter(([, { state }]) => state === "dead" || state === "slow");
    for (const [name, feed] of down) rows.push({ key: `feed|${name}`, group: "feeds", ids: [], tone: "feed", label: name, sub: w.say(`feeds.${feed.state}`), state: feed.state });
    for (const [key, tick, subjects] of newest(tree.ticker, LATEST)) {
      const { tone, subject, what } = lineOf(tick, w);
      const label = subjects.length > 1 ? w.say("ticker.regions", { n: subjects.length }) : subject;
      rows.push({ key: `tick|${key}`, group: "latest", ids: [tick.source?.event].filter(Boolean), tone, label, sub: what, time: zulu(Date.parse(tick.at)) });
    }
    return rows;
  }

  #jets(scramble) {
    const w = this.words;
    const bases = (scramble.bases ?? []).map((icao) => w.base(icao)).join(", ");
    const causes = Object.keys(scramble.causes ?? {}).map((key) => (w.has(`cause.${key}`) ? w.say(`cause.${key}`) : key));
    return [bases || w.say("scrambles.base_unknown"), (scramble.aircraft ?? []).join(", "), causes.length ? w.say("scrambles.linked", { causes: causes.join(", ") }) : scramble.no_cause_found ? w.say("scrambles.no_cause") : ""].filter(Boolean).join(" · ");
  }

  #logShape(tree) {
    return logRows(tree, this.words);
  }

  #draw(rows) {
    const w = this.words;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.closest("[data-row]")?.dataset.row : null;
    const scrolled = this.list.scrollTop;
    this.#ticks = [];
    const nodes = [];
    let group = null;
    for (const row of rows) {
      if (row.group && row.group !== group) {
        group = row.group;
        const n = rows.filter((each) => each.group === group).length;
        nodes.push(h("h2", `now-group group-${group}`, w.say(`desk.now.${group}`), h("span", "now-count", String(n))));
      }
      nodes.push(this.#row(row));
    }
    if (!rows.length) nodes.push(h("p", "nothing", w.say(this.side === "log" ? "desk.log.none" : "desk.now.none")));
    else if (this.side === "now" && !this.unacked.length) nodes.unshift(h("p", "all-acked", w.say("desk.now.all_acked")));
    this.list.replaceChildren(...nodes);
    this.list.scrollTop = scrolled;
    if (focused) this.list.querySelector(`[data-row="${CSS.escape(focused)}"]`)?.querySelector("button")?.focus({ preventScroll: true });
  }

  #row(row) {
    const w = this.words;
    const time = h("time", "now-time", row.time ?? "");
    if (row.write) this.#ticks.push({ element: time, sinceMs: row.sinceMs ?? null, write: row.write });
    const main = h("button", "now-main", h("i", "shape"), h("span", "now-label", row.label), h("span", "now-sub", row.sub ?? ""), time);
    main.type = "button";
    if (!row.ids?.length) main.disabled = true;
    const acts = [];
    if (row.wants && !row.ack && this.may()) acts.push(this.#act("ack", w.say("desk.ack"), row));
    if (row.ack) acts.push(h("span", "now-ack", w.say("desk.acked_by", { by: row.ack.by, time: zulu(Date.parse(row.ack.at)) })));
    if (row.undo && this.may()) acts.push(this.#act("undo", w.say("desk.undo"), row));
    const element = h("div", `now-row tone-${row.tone}${row.wants && !row.ack ? " wants" : ""}${row.undone ? " undone" : ""}`, main, ...acts);
    element.dataset.row = row.key;
    element.dataset.ids = JSON.stringify(row.ids ?? []);
    if (row.undo) element.dataset.log = row.undo;
    return element;
  }

  #act(name, label, row) {
    const button = h("button", `now-act act-${name}`, label);
    button.type = "button";
    button.dataset.act = name;
    button.setAttribute("aria-label", `${label}: ${row.label}`);
    return button;
  }

  #clicked(event) {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    const ids = JSON.parse(row.dataset.ids);
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (name) this.act(name, { ids, log: row.dataset.log ?? "" });
    else if (ids.length) this.choose(ids.slice(0, 1));
  }

  #arrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const mains = [...this.list.querySelectorAll(".now-main:not(:disabled)")];
    if (!step || !mains.length) return;
    const at = mains.indexOf(document.activeElement.closest("[data-row]")?.querySelector(".now-main"));
    mains[Math.max(0, Math.min(mains.length - 1, at + step))]?.focus();
    event.preventDefault();
  }
}
