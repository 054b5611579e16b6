// The panel TONIGHT: puts the counters into Dash's components, with a short quiet emphasis where a value changed.

import { h } from "./build.mjs";
import { localTime, zulu } from "./clock.mjs";
import { put } from "./put.mjs";
import { counters, provenance, record } from "./tally.mjs";
import { isAhead } from "./words.mjs";

const EMPHASIS_MS = 1600;

export class CountersView {
  #shown = new Map();
  #moreShown = new Map();

  constructor(root, words, zones) {
    this.root = root;
    this.words = words;
    this.zones = zones;
  }

  show(tree, serverNow, instant) {
    const w = this.words;
    const source = provenance(tree, w);
    for (const counter of counters(tree, w)) this.#figure(counter, source);
    const [zone] = this.zones;
    const start = tree.night ? Date.parse(tree.night.start) : null;
    put("tonight-since", {
      children:
        start === null
          ? ""
          : w.say("tonight.since", { zulu: zulu(start), local: `${localTime(start, zone.zone)} ${zone.name}` }),
    });
    put("tonight-claim", { children: this.#claim(tree, source, serverNow, instant) });
    put("tonight", { className: `tonight${source ? "" : " unreported"}${source?.stale ? " stale" : ""}` });
  }

  #figure(counter, source) {
    const { name } = counter;
    put(`${name}-value`, { children: counter.number });
    put(`${name}-hedge`, { children: counter.hedge });
    put(`${name}-label`, { children: counter.rate ? `${counter.label} · ${counter.rate}` : counter.label });
    const classes = ["figure", counter.state, source?.stale && "stale", counter.record?.broken && "record"];
    const before = this.#shown.get(name);
    const now = `${counter.hedge} ${counter.number}`;
    const changed = before !== undefined && before !== now;
    this.#shown.set(name, now);
    if (changed) this.#emphasise(name);
    put(name, { className: classes.filter(Boolean).join(" ") });
    this.#more(counter);
  }

  #emphasise(name) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const element = this.root.querySelector(`#${name}-value`);
    element?.animate?.([{ color: "var(--strong)", textShadow: "0 0 0.35em var(--friend)" }, {}], {
      duration: EMPHASIS_MS,
      easing: "ease-out",
    });
  }

  /** What stands under a number: bar, record, lines. Ours, not Dash's: it changes in shape. */
  #more({ name, bar, record: mark, lines, hour }) {
    const key = JSON.stringify([bar, mark, lines, hour]);
    if (this.#moreShown.get(name) === key) return;
    this.#moreShown.set(name, key);
    const w = this.words;
    const parts = [];
    if (bar) {
      const track = h("div", "bar");
      for (const { kind, share } of bar) {
        const part = h("i", `bar-${kind}`);
        part.style.width = `${Math.min(100, Math.max(0, share))}%`;
        track.append(part);
      }
      parts.push(track);
    }
    if (mark?.broken) {
      parts.push(h("div", "record-mark", `▲ ${w.say("tonight.record")} · ${w.say("tonight.record_prior", mark)}`));
    } else if (mark && !lines.length) {
      // Beside other lines there is no room for a record that stands: the card tells of it.
      parts.push(h("div", "line", w.say("tonight.record_stands", mark)));
    }
    parts.push(...[...lines, hour].filter(Boolean).map((line) => h("div", "line", line)));
    this.root.querySelector(`#${name}-more`).replaceChildren(...parts);
  }

  #claim(tree, source, serverNow, instant) {
    const w = this.words;
    if (!source) {
      const before = record(tree, "launched.uav", w);
      return [w.say("tonight.none"), before && w.say("tonight.record_before", before)].filter(Boolean).join("\n");
    }
    return [
      source.claimant,
      source.source?.grade ?? "",
      source.source ? this.#when(source.source, serverNow, instant) : "",
      w.say("tonight.witnesses", { n: source.witnesses }),
      source.others ? w.say("tonight.other_claims", { n: source.others }) : "",
      source.ongoing ? w.say("tonight.ongoing") : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }

  #when(source, serverNow, instant) {
    const published = source.published_at && instant.at !== null ? Date.parse(source.published_at) : null;
    const ms = published === null ? serverNow - Date.parse(source.received_at) : instant.at - published;
    const age = this.words.age(ms);
    return this.words.say(isAhead(ms) ? "tonight.ahead" : "tonight.reported", { time: published === null ? "" : zulu(published), age }).trim();
  }
}
