// The night so far on one time axis: alerts above the line, threats below it, and the instants worth a line.

import { h, s, text } from "./build.mjs";
import { zulu } from "./clock.mjs";
import { lineOf } from "./lines.mjs";

const HOUR_MS = 3_600_000;
const BIN_MS = 600_000;
const FIRST_SPAN_MS = 12 * HOUR_MS;
const STEP_MS = 3 * HOUR_MS;

/**
 * From when to when the axis goes: from the night's start, twelve hours at first, then three more at a time, so that
 * the bars stand still. at: the shown instant or null.
 */
export function axis(night, at) {
  const start = Date.parse(night.start);
  const end = Date.parse(night.end);
  let shown = start + FIRST_SPAN_MS;
  while (at !== null && shown < at + HOUR_MS / 4) shown += STEP_MS;
  return { start, end: Math.min(Math.max(shown, start + HOUR_MS), end) };
}

/**
 * Labels that do not touch: each goes into the first lane where it has room, right of its mark or else left of it;
 * one that has room nowhere gets none. The latest of the most telling come first.
 * marks: [{ x, width, rank }]. Returns [{ mark, lane, left }] with left the label's left edge.
 */
export function placeLabels(marks, { lanes, width, gap }) {
  const taken = Array.from({ length: lanes }, () => []);
  const free = (lane, left, right) =>
    left >= 0 && right <= width && taken[lane].every(([a, b]) => right + gap <= a || left >= b + gap);
  const placed = [];
  for (const mark of [...marks].sort((a, b) => b.rank - a.rank || b.x - a.x)) {
    search: for (let lane = 0; lane < lanes; lane += 1) {
      for (const left of [mark.x + gap / 2, mark.x - gap / 2 - mark.width]) {
        if (free(lane, left, left + mark.width)) {
          taken[lane].push([left, left + mark.width]);
          placed.push({ mark, lane, left });
          break search;
        }
      }
    }
  }
  return placed;
}

const RANKS = { scramble: 5, report: 4, strike: 3, threat: 2, statement: 1 };
const measure = document.createElement("canvas").getContext("2d");

export class StripView {
  #drawn = "";

  constructor(root, words) {
    this.plot = root.querySelector("#strip");
    this.hour = root.querySelector("#strip-hour");
    this.words = words;
    this.last = null;
    new ResizeObserver(() => this.last && this.show(...this.last)).observe(this.plot);
  }

  show(tree, at) {
    this.last = [tree, at];
    const started = tree.strip?.hour?.alerts ?? 0;
    if (this.hour) text(this.hour, started ? this.words.say("alerts.hour", { n: this.words.number(started) }) : "");
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!width || !height || !tree.night) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const span = axis(tree.night, at);
    const x = (ms) => ((ms - span.start) / (span.end - span.start)) * width;
    const now = at === null ? null : Math.round(x(at) * 2) / 2;
    const key = [width, height, rem, span.end, now, this.words.lang].join();
    if (key === this.#drawn && this.strip === tree.strip) return;
    this.#drawn = key;
    this.strip = tree.strip;
    this.plot.replaceChildren(this.#draw(tree.strip ?? {}, { width, height, rem, span, x, now }));
  }

  #draw({ bins = {}, marks = {} }, { width, height, rem, span, x, now }) {
    const w = this.words;
    const lane = 1.15 * rem;
    const lanes = 2;
    // Bars may rise behind the lower lane of labels, which have a halo for that.
    const top = lane;
    const bottom = height - 1.25 * rem;
    const middle = top + (bottom - top) * 0.7;
    const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": w.say("strip.title") });

    if (now !== null) svg.append(s("rect", { class: "future", x: now, y: top, width: Math.max(0, width - now), height: bottom - top }));
    for (let at = Math.ceil(span.start / HOUR_MS) * HOUR_MS; at <= span.end; at += HOUR_MS) {
      const left = x(at);
      svg.append(s("line", { class: "hour", x1: left, x2: left, y1: top, y2: bottom + 0.15 * rem }));
      const anchor = left < rem ? "start" : left > width - rem ? "end" : "middle";
      svg.append(s("text", { class: "hour-label", x: left, y: height - 0.2 * rem, "text-anchor": anchor }, `${zulu(at).slice(0, 2)}Z`));
    }
    const rows = Object.entries(bins).map(([iso, bin]) => [Date.parse(iso), bin.alerts ?? 0, bin.threats ?? 0]);
    const most = (index) => Math.max(4, ...rows.map((row) => row[index]));
    const [mostAlerts, mostThreats] = [most(1), most(2)];
    for (const [at, alerts, threats] of rows) {
      const left = x(at) + 0.5;
      const wide = Math.max(1, x(at + BIN_MS) - x(at) - 1.5);
      // Square roots: beside one salvo of 25 alerts a single one must still be seen. The tip says the number.
      const up = (middle - top) * Math.sqrt(alerts / mostAlerts);
      const down = (bottom - middle) * Math.sqrt(threats / mostThreats);
      const bar = s("g", {}, s("title", {}, `${zulu(at)} · ${alerts} ${w.say("strip.alerts")} · ${threats} ${w.say("strip.threats")}`));
      if (alerts) bar.append(s("rect", { class: "bar-alerts", x: left, y: middle - up, width: wide, height: up }));
      if (threats) bar.append(s("rect", { class: "bar-threats", x: left, y: middle, width: wide, height: down }));
      svg.append(bar);
    }
    svg.append(s("line", { class: "axis", x1: 0, x2: width, y1: middle, y2: middle }));
    this.#marks(svg, marks, { width, rem, x, lane, lanes, bottom });
    if (now !== null) {
      svg.append(
        s("line", { class: "now", x1: now, x2: now, y1: top, y2: bottom }),
        s("path", { class: "now-head", d: `M${now - 0.3 * rem},${top - 0.2 * rem}h${0.6 * rem}l${-0.3 * rem},${0.4 * rem}z` }),
      );
    }
    if (rows.length === 0 && Object.keys(marks).length === 0) {
      svg.append(s("text", { class: "empty", x: width / 2, y: middle - 0.4 * rem, "text-anchor": "middle" }, w.say("strip.empty")));
    }
    return svg;
  }

  #marks(svg, marks, { width, rem, x, lane, lanes, bottom }) {
    measure.font = `600 ${0.95 * rem}px ${getComputedStyle(document.body).fontFamily}`;
    const all = Object.values(marks).map((mark) => {
      const { tone, subject, what } = lineOf(mark, this.words);
      const label = this.#label(mark, tone, subject);
      return {
        x: x(Date.parse(mark.at)),
        tone,
        label,
        title: `${zulu(Date.parse(mark.at))} ${subject} · ${what}`,
        width: measure.measureText(label).width + 0.2 * rem,
        rank: RANKS[tone] ?? 0,
      };
    });
    const placed = placeLabels(all, { lanes, width, gap: 0.5 * rem });
    const rows = new Map(placed.map(({ mark, lane: row }) => [mark, row]));
    for (const mark of all) {
      const y1 = ((rows.get(mark) ?? lanes) + 0.15) * lane;
      const line = s("line", { class: `mark-line tone-${mark.tone}`, x1: mark.x, x2: mark.x, y1, y2: bottom });
      line.append(s("title", {}, mark.title));
      svg.append(line);
    }
    for (const { mark, lane: row, left } of placed) {
      const label = s("text", { class: `mark-label tone-${mark.tone}`, x: left, y: (row + 0.78) * lane }, mark.label);
      label.prepend(s("title", {}, mark.title));
      svg.append(label);
    }
  }

  #label(mark, tone, subject) {
    const at = zulu(Date.parse(mark.at));
    const w = this.words;
    const detail = mark.detail ?? {};
    if (tone === "scramble") return w.say(mark.kind.endsWith("end") ? "mark.stand_down" : "mark.scramble", { subject: mark.subject, at });
    if (tone === "threat") return `${detail.weapon ? w.weapon(detail.weapon) : w.say(`threat.${detail.type ?? "unknown"}`)} ${at}`;
    if (tone === "report") return w.say("mark.report", { n: detail["launched.uav"] ?? "", at });
    if (tone === "strike") return `${subject} ${at}`;
    return `${subject} ${at}`;
  }
}
