// The night as a strip: how much was received when, what is worth a mark, and where the replay stands. Dragging on it is seeking.

import { h, s, text } from "../build.mjs";
import { dateTimeGroup, zulu, zuluDay, zuluSeconds } from "../clock.mjs";
import { axisStep } from "./dial.mjs";

const BIN_PX = 5;
const MOST_BINS = 600;
const LEAST_SPAN_MS = 10_000;
const MOST_SPAN_MS = 60 * 86_400_000;
const ASK_AFTER_MS = 150;
/** The end of what is recorded goes on: asked for anew so often while it is in sight. */
const ASK_EVERY_MS = 5_000;
const RANKS = { most_drones: 6, scramble: 5, bookmark: 4, first_alert: 3, last_clear: 3, report: 2, stand_down: 1 };
const GLYPHS = {
  scramble: "M0,-5 5,5 0,2.5 -5,5z",
  stand_down: "M0,5 5,-5 0,-2.5 -5,-5z",
  report: "M0,-5 5,0 0,5 -5,0z",
  most_drones: "M0,-6 6,0 0,6 -6,0z",
  bookmark: "M-4,-5 4,-5 4,5 0,2 -4,5z",
  first_alert: "M-4,-4 4,-4 4,4 -4,4z",
  last_clear: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
};
const measure = document.createElement("canvas").getContext("2d");

async function askJson(path, query) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** On which side of its glyph each label has room, 1 right or -1 left: the most telling first, and never on a glyph. */
function besideGlyphs(marks, { width, half, gap }) {
  const taken = marks.map(({ x }) => [x - half, x + half]);
  const placed = new Map();
  for (const mark of [...marks].sort((a, b) => b.rank - a.rank || b.x - a.x)) {
    for (const side of [1, -1]) {
      const [left, right] = side > 0 ? [mark.x + half + gap, mark.x + half + mark.width] : [mark.x - half - mark.width, mark.x - half - gap];
      if (left < 0 || right > width || taken.some(([a, b]) => left < b && a < right)) continue;
      taken.push([left, right]);
      placed.set(mark, side);
      break;
    }
  }
  return placed;
}

export class DensityStrip {
  /** [ms, ms] that is in sight, by our clock; null before anything is known. */
  window = null;
  /** The same without what is in sight beside the stretch that was asked for. */
  stretch = null;
  /** What is worth a mark: [{ at (ms), kind, label }], the newest answer. */
  marks = [];
  #density = null;
  #extent = null;
  #at = null;
  #loop = null;
  #chapters = [];
  #chapter = 0;
  #timer = null;
  #askedAt = -Infinity;
  #drawn = "";

  /** seek(ms): go there. setLoop([ms, ms]): shift and drag. goTo(n): a chapter's tag. labelOf(mark): its words. epoch: or "". */
  constructor(place, { words, dial, seek, setLoop, goTo, labelOf, epoch = "", ask = askJson }) {
    Object.assign(this, { place, words, dial, seek, setLoop, goTo, labelOf, epoch, ask });
    this.plot = h("div", "density-plot");
    this.cursor = h("div", "density-cursor", h("span", "density-at"));
    this.tip = h("div", "density-tip");
    this.tip.hidden = true;
    place.append(this.plot, this.cursor, this.tip);
    place.tabIndex = 0;
    place.setAttribute("role", "slider");
    // Before it is known which instant is shown: a slider without a value is none.
    place.setAttribute("aria-valuenow", "0");
    new ResizeObserver(() => (this.#drawn = "", this.#wish(), this.draw())).observe(this.plot);
    this.#pointer();
  }

  /** extent: [ms, ms] of what can be replayed. at: where it stands. night: [ms, ms] of the operational night, or null. known: then, now. */
  show({ extent, at, night, loop, playing, known = "then" }) {
    if (known !== this.known) {
      this.known = known;
      this.#wish();
    }
    const grew = this.#extent === null || extent[0] !== this.#extent[0] || extent[1] - this.#extent[1] > (this.#span ?? 0) / 400;
    if (grew) this.#extent = extent;
    // An exercise tells its stretch a little after it has begun.
    if (!this.window || (!this.#isChosen && night && !this.#night)) {
      this.look(night ?? extent);
      this.#whole = !night;
    }
    this.#night ??= night;
    this.#at = at;
    const [from, to] = this.window;
    if (playing && !this.#dragging && (at > to || at < from)) this.pan(at);
    if (playing && this.#whole && grew) this.look(this.#extent, { whole: true });
    if (JSON.stringify(loop) !== JSON.stringify(this.#loop)) {
      this.#loop = loop;
      this.#drawn = "";
    }
    this.#place();
    if (performance.now() - this.#askedAt > ASK_EVERY_MS && this.window[1] >= this.#extent[1] - 1000) this.#wish();
    this.draw();
  }

  /** chapters: [{ at (ms), title }]. current: the number of the one that is on, from 1; 0 for none. */
  showChapters(chapters, current) {
    const key = JSON.stringify([chapters.map(({ at, title }) => [at, title]), current]);
    if (key === this.chaptersKey) return;
    this.chaptersKey = key;
    this.#chapters = chapters;
    this.#chapter = current;
    this.#drawn = "";
    this.draw();
  }

  get #span() {
    return this.window ? this.window[1] - this.window[0] : null;
  }

  #whole = true;
  /** Whether somebody chose what is in sight. */
  #isChosen = false;
  #night = null;
  #dragging = false;

  /** Have a stretch in sight. */
  look([from, to], { whole = true } = {}) {
    const span = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, to - from));
    const pad = whole ? span * 0.01 : 0;
    this.stretch = [from, from + span];
    this.window = [from - pad, from + span + pad];
    this.#whole = whole;
    this.#drawn = "";
    this.#wish();
    this.draw();
  }

  /** All that there is, or as much of it as can be in sight. */
  all() {
    if (!this.#extent) return;
    this.#isChosen = true;
    const [from, to] = this.#extent;
    const span = Math.min(MOST_SPAN_MS, to - from);
    const begin = Math.min(Math.max(from, (this.#at ?? from) - span / 2), to - span);
    this.look([begin, begin + span]);
  }

  zoom(factor, around = this.#at) {
    if (!this.window) return;
    this.#isChosen = true;
    const [from, to] = this.window;
    const middle = Math.min(Math.max(around ?? (from + to) / 2, from), to);
    const span = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, (to - from) * factor));
    const share = (middle - from) / (to - from);
    this.look([middle - share * span, middle + (1 - share) * span], { whole: false });
  }

  /** The same width of time, with an instant in sight. */
  pan(at) {
    const span = this.#span;
    const share = at > this.window[1] ? 0.1 : 0.9;
    const begin = Math.max(at - share * span, this.#extent[0] - 0.01 * span);
    this.look([begin, begin + span], { whole: false });
  }

  /** Bookmarks were set, or another language is spoken. */
  again() {
    this.#drawn = "";
    this.#wish();
    this.draw();
  }

  #x(ms) {
    return ((ms - this.window[0]) / this.#span) * this.plot.clientWidth;
  }

  #ms(clientX) {
    const box = this.plot.getBoundingClientRect();
    return this.window[0] + Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * this.#span;
  }

  #within(ms) {
    return this.#extent ? Math.min(this.#extent[1], Math.max(this.#extent[0], ms)) : ms;
  }

  // What is asked of the server.

  #wish() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#load();
    }, ASK_AFTER_MS);
  }

  async #load() {
    const width = this.plot.clientWidth;
    if (!this.window || !width) return;
    this.#askedAt = performance.now();
    const [from, to] = this.window;
    const bins = Math.min(MOST_BINS, Math.max(20, Math.round(width / BIN_PX)));
    const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...(this.epoch ? { epoch: this.epoch } : {}), ...(this.known === "now" ? { known: "now" } : {}) };
    try {
      const [density, marks] = await Promise.all([this.ask("/api/v1/replay/density", { ...query, bins }), this.ask("/api/v1/replay/marks", query)]);
      this.#density = { ...density, fromMs: Date.parse(density.from) };
      this.marks = marks.marks.map((mark) => ({ ...mark, atMs: Date.parse(mark.at) }));
      this.failed = "";
    } catch (error) {
      this.failed = String(error.message ?? error);
    }
    this.#drawn = "";
    this.draw();
  }

  // What is seen.

  #place() {
    const { cursor } = this;
    if (this.#at === null || !this.window) return;
    const x = this.#x(this.#at);
    cursor.hidden = x < -1 || x > this.plot.clientWidth + 1;
    cursor.style.translate = `${x.toFixed(1)}px 0`;
    cursor.classList.toggle("to-left", x > this.plot.clientWidth - 120);
    const shown = this.dial.shown(this.#at);
    text(cursor.firstChild, zuluSeconds(shown));
    this.place.setAttribute("aria-valuetext", dateTimeGroup(shown));
    this.place.setAttribute("aria-valuemin", String(Math.round(this.window[0] / 1000)));
    this.place.setAttribute("aria-valuemax", String(Math.round(this.window[1] / 1000)));
    this.place.setAttribute("aria-valuenow", String(Math.round(this.#at / 1000)));
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!this.window || !width || !height) return;
    const key = `${width} ${height} ${this.words.lang} ${this.#extent?.[1]}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.plot.replaceChildren(this.#draw({ width, height, rem }));
    this.#place();
  }

  #draw({ width, height, rem }) {
    const w = this.words;
    const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
    const top = 1.25 * rem;
    const tags = height - 1.15 * rem;
    const bottom = tags - 1.1 * rem;
    const middle = top + (bottom - top) * 0.68;
    const [from, to] = this.window;
    if (this.#extent) {
      for (const [a, b] of [[from, this.#extent[0]], [this.#extent[1], to]]) {
        const [left, right] = [Math.max(0, this.#x(a)), Math.min(width, this.#x(b))];
        if (right > left) svg.append(s("rect", { class: "density-none", x: left, y: top, width: right - left, height: Math.max(0, bottom - top) }));
      }
    }
    this.#hours(svg, { width, rem, top, bottom, tags });
    if (this.#loop) {
      const [left, right] = this.#loop.map((ms) => Math.min(width, Math.max(0, this.#x(ms))));
      svg.append(
        s("rect", { class: "density-loop", x: left, y: top, width: Math.max(1, right - left), height: Math.max(0, bottom - top) }),
        s("line", { class: "density-loop-end", x1: left, x2: left, y1: top - 0.2 * rem, y2: bottom }),
        s("line", { class: "density-loop-end", x1: right, x2: right, y1: top - 0.2 * rem, y2: bottom }),
      );
    }
    if (this.#density) {
      const { alerts, threats, fromMs, bin_s: binS } = this.#density;
      const most = (list) => Math.max(4, ...list);
      const [mostAlerts, mostThreats] = [most(alerts), most(threats)];
      const wide = Math.max(1, ((binS * 1000) / this.#span) * width - 0.6);
      let up = "";
      let down = "";
      alerts.forEach((n, at) => {
        const x = this.#x(fromMs + at * binS * 1000);
        if (n) up += `M${x.toFixed(1)},${middle}v${(-(middle - top) * Math.sqrt(n / mostAlerts)).toFixed(1)}h${wide.toFixed(1)}V${middle}z`;
        const under = threats[at];
        if (under) down += `M${x.toFixed(1)},${middle}v${((bottom - middle) * Math.sqrt(under / mostThreats)).toFixed(1)}h${wide.toFixed(1)}V${middle}z`;
      });
      svg.append(s("path", { class: "bar-alerts", d: up }), s("path", { class: "bar-threats", d: down }));
    }
    svg.append(s("line", { class: "axis", x1: 0, x2: width, y1: middle, y2: middle }));
    this.#glyphs(svg, { width, rem, top, bottom });
    this.#tags(svg, { width, rem, tags, height, bottom });
    if (this.failed) svg.append(s("text", { class: "empty", x: width / 2, y: middle - 0.4 * rem, "text-anchor": "middle" }, w.say("replay.density_failed")));
    return svg;
  }

  #hours(svg, { width, rem, top, bottom, tags }) {
    const [from, to] = this.window.map((ms) => this.dial.shown(ms));
    const step = axisStep(to - from, Math.max(3, width / (5.5 * rem)));
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const x = this.#x(this.dial.ours(at));
      const isDay = at % 86_400_000 === 0;
      svg.append(s("line", { class: isDay ? "hour day" : "hour", x1: x, x2: x, y1: top, y2: bottom + 0.15 * rem }));
      const label = step >= 86_400_000 || isDay ? zuluDay(at) : step < 60_000 ? zuluSeconds(at) : zulu(at);
      const anchor = x < 1.5 * rem ? "start" : x > width - 1.5 * rem ? "end" : "middle";
      svg.append(s("text", { class: "hour-label", x, y: tags - 0.22 * rem, "text-anchor": anchor }, label));
    }
  }

  #glyphs(svg, { width, rem, top, bottom }) {
    measure.font = `600 ${0.9 * rem}px ${getComputedStyle(document.body).fontFamily}`;
    const scale = rem / 14;
    const all = this.marks
      .map((mark) => ({ ...mark, x: this.#x(mark.atMs), label: this.labelOf(mark), rank: RANKS[mark.kind] ?? 0 }))
      .filter(({ x, kind }) => x >= 0 && x <= width && Object.hasOwn(GLYPHS, kind))
      .map((mark) => ({ ...mark, width: measure.measureText(mark.label).width + 0.9 * rem }));
    const placed = besideGlyphs(all, { width, half: 0.5 * rem, gap: 0.15 * rem });
    for (const mark of all) {
      const group = s("g", { class: `density-mark density-${mark.kind}` });
      group.append(s("title", {}, `${zulu(this.dial.shown(mark.atMs))} ${mark.label}`));
      group.append(s("line", { x1: mark.x, x2: mark.x, y1: top - 0.1 * rem, y2: bottom }));
      const side = placed.get(mark);
      group.append(s("path", { d: GLYPHS[mark.kind], transform: `translate(${mark.x},${0.62 * rem}) scale(${scale})` }));
      if (side) group.append(s("text", { x: mark.x + side * 0.6 * rem, y: 0.92 * rem, "text-anchor": side > 0 ? "start" : "end" }, mark.label));
      svg.append(group);
    }
  }

  #tags(svg, { width, rem, tags, height, bottom }) {
    this.#chapters.forEach(({ at, title }, n) => {
      const x = this.#x(at);
      if (x < 0 || x > width) return;
      const current = n + 1 === this.#chapter;
      const half = 0.62 * rem;
      const y = tags + 0.02 * rem;
      const low = height - 0.08 * rem;
      const group = s("g", { class: current ? "density-chapter current" : "density-chapter" });
      group.dataset.chapter = String(n + 1);
      group.append(
        s("title", {}, `${zulu(this.dial.shown(at))} ${title}`),
        s("line", { x1: x, x2: x, y1: bottom, y2: y }),
        s("path", { d: `M${x},${y}l${half},${0.3 * rem}V${low}h${-2 * half}V${y + 0.3 * rem}z` }),
        s("text", { x, y: low - 0.14 * rem, "text-anchor": "middle" }, String(n + 1)),
      );
      svg.append(group);
    });
  }

  // The pointer.

  #pointer() {
    const { plot } = this;
    let begun = null;
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.window) return;
      const tag = event.target.closest("[data-chapter]");
      if (tag) {
        this.goTo(Number(tag.dataset.chapter));
        return;
      }
      plot.setPointerCapture(event.pointerId);
      this.#dragging = true;
      begun = event.shiftKey ? this.#within(this.#ms(event.clientX)) : null;
      if (begun === null) this.seek(this.#within(this.#ms(event.clientX)));
    });
    plot.addEventListener("pointermove", (event) => {
      this.#showTip(event);
      if (!this.#dragging) return;
      const ms = this.#within(this.#ms(event.clientX));
      if (begun === null) this.seek(ms);
      else if (Math.abs(ms - begun) > 500) this.setLoop([Math.min(begun, ms), Math.max(begun, ms)]);
    });
    for (const type of ["pointerup", "pointercancel"]) plot.addEventListener(type, () => (this.#dragging = false));
    plot.addEventListener("pointerleave", () => (this.tip.hidden = true));
    plot.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (!this.window) return;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          const shift = ((event.deltaX || event.deltaY) / plot.clientWidth) * this.#span;
          this.look([this.window[0] + shift, this.window[1] + shift], { whole: false });
        } else this.zoom(Math.exp(event.deltaY / 400), this.#ms(event.clientX));
      },
      { passive: false },
    );
  }

  #showTip(event) {
    if (!this.window) return;
    const ms = this.#ms(event.clientX);
    const parts = [dateTimeGroup(this.dial.shown(ms)), zuluSeconds(this.dial.shown(ms))];
    if (this.#density) {
      const n = Math.floor((ms - this.#density.fromMs) / (this.#density.bin_s * 1000));
      for (const kind of ["alerts", "threats", "scrambles", "reports", "marks"]) {
        const count = this.#density[kind]?.[n];
        if (count) parts.push(this.words.say(`replay.density.${kind}`, { n: count }));
      }
    }
    text(this.tip, parts.join(" · "));
    this.tip.hidden = false;
    const box = this.place.getBoundingClientRect();
    const x = Math.min(box.width - this.tip.offsetWidth - 4, Math.max(4, event.clientX - box.left - this.tip.offsetWidth / 2));
    this.tip.style.left = `${x}px`;
  }
}
