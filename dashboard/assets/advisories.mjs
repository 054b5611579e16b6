// What the rules point out, over the map: what is on, the gravest first, and for a while what ended and why.

import { ackOf } from "./acks.mjs";
import { h, text } from "./build.mjs";
import { hoursMinutes, zulu } from "./clock.mjs";
import { evidenceLines } from "./evidence.mjs";

const SEVERITIES = ["alarm", "warning", "notice"];
const SHOWN = 3;
/** How long it is still said that one is over, in the shown time. */
const ENDED_MS = 30 * 60_000;

const severityOf = ({ severity }) => (SEVERITIES.includes(severity) ? severity : "notice");

/** Entries of [key, AdvisoryView] to show at an instant: those on, the gravest and then the newest first, before ended ones. */
export function current(advisories = {}, at) {
  const isRecent = ({ until }) => Boolean(until) && at !== null && at - Date.parse(until) < ENDED_MS;
  return Object.entries(advisories)
    .filter(([, advisory]) => advisory.state === "on" || isRecent(advisory))
    .sort(
      ([, a], [, b]) =>
        Number(a.state !== "on") - Number(b.state !== "on") ||
        SEVERITIES.indexOf(severityOf(a)) - SEVERITIES.indexOf(severityOf(b)) ||
        b.since.localeCompare(a.since),
    );
}

/** Its title in the page's language, else in English, else its key. */
export const titleOf = (key, { title = {} }, lang) =>
  (Object.hasOwn(title, lang) && title[lang]) || (Object.hasOwn(title, "en") && title.en) || key;

export class AdvisoriesView {
  #shown = "";
  #timers = [];

  constructor(root, words) {
    this.place = root.querySelector("#advisories");
    this.words = words;
  }

  /** at: the shown instant or null. acks: the picture's. Returns whether what stands there changed. */
  show(advisories, at, acks = {}) {
    const all = current(advisories, at).map(([name, advisory]) => [name, advisory, ackOf({ acks }, advisory.why ?? [])]);
    const key = JSON.stringify([all, this.words.lang]);
    for (const { element, since } of this.#timers) text(element, at === null ? "" : hoursMinutes(at - since));
    if (key === this.#shown) return false;
    this.#shown = key;
    this.#timers = [];
    this.place.hidden = all.length === 0;
    const rows = all.slice(0, SHOWN).map((each) => this.#row(...each, at));
    if (all.length > SHOWN) rows.push(h("div", "advisory-more", this.words.say("alerts.more", { n: all.length - SHOWN })));
    this.place.replaceChildren(...rows);
    return true;
  }

  #row(key, advisory, ack, at) {
    const w = this.words;
    const isOn = advisory.state === "on";
    const since = Date.parse(advisory.since);
    const time = h("b", "timer");
    if (isOn) {
      this.#timers.push({ element: time, since });
      text(time, at === null ? "" : hoursMinutes(at - since));
    }
    const row = h(
      "div",
      `advisory advisory-${severityOf(advisory)}${isOn ? (ack ? "" : " unacknowledged") : " over"}`,
      h("i", "shape"),
      h(
        "div",
        "advisory-text",
        h("div", "advisory-title", titleOf(key, advisory, w.lang)),
        h("div", "advisory-when", [this.#when(advisory), ack ? w.say("ack.by", { by: ack.by, time: zulu(Date.parse(ack.at)) }) : ""].filter(Boolean).join(" · ")),
      ),
      time,
    );
    row.dataset.advisory = key;
    row.tabIndex = 0;
    return row;
  }

  /** How it stands, in one line. */
  #when(advisory) {
    const w = this.words;
    const severity = w.say(`advisories.${severityOf(advisory)}`);
    const since = zulu(Date.parse(advisory.since));
    if (advisory.state === "on") return `${severity} · ${w.say("advisories.since", { since })}`;
    return `${w.say("advisories.over", { since, until: zulu(Date.parse(advisory.until)) })}${this.#because(advisory)}`;
  }

  #because({ ended_because: because = "" }) {
    const key = `advisories.because.${because.replaceAll(" ", "_")}`;
    return because ? ` · ${this.words.has(key) ? this.words.say(key) : because}` : "";
  }

  /** The card of one: its title, how it stands, and the events that make it so; null where it is gone. */
  cardNodes(key, tree) {
    const w = this.words;
    const advisory = Object.hasOwn(tree.advisories ?? {}, key) ? tree.advisories[key] : null;
    if (!advisory) return null;
    const { why = [], ended_by: ended = [], times = 1 } = advisory;
    return [
      h("div", "card-heading", titleOf(key, advisory, w.lang)),
      h("div", "card-about", this.#when(advisory)),
      times > 1 ? h("div", "card-note", w.say("advisories.times", { n: times })) : "",
      ...evidenceLines(tree, why, w).map((line) => h("div", "card-line", line)),
      ...(ended.length ? [h("div", "card-note", w.say("advisories.ended_by"))] : []),
      ...evidenceLines(tree, ended, w).map((line) => h("div", "card-line", line)),
    ].filter(Boolean);
  }
}
