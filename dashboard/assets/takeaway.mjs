// Starts the take-away: the briefing's picture in one file, played from what the page itself holds.

import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView } from "./alerts.mjs";
import { h, text } from "./build.mjs";
import { Card } from "./card.mjs";
import { pictureCards } from "./cards.mjs";
import { zuluSeconds } from "./clock.mjs";
import { ClockView } from "./clocks.mjs";
import { CountersView } from "./counters.mjs";
import { FeedsView } from "./feeds.mjs";
import { reword } from "./language.mjs";
import { put } from "./put.mjs";
import { ScramblesView } from "./scrambles.mjs";
import { loadSymbols } from "./sprites.mjs";
import { Stage } from "./stage.mjs";
import { StatementsView } from "./statements.mjs";
import { onNextFrame } from "./station.mjs";
import { StatusView } from "./status.mjs";
import { leadClaim } from "./tally.mjs";
import { ThreatsView } from "./threats.mjs";
import { TickerView } from "./ticker.mjs";
import { Words } from "./words.mjs";
import { ReplayBand } from "./replay/band.mjs";
import { Controls, nextSpeed } from "./replay/controls.mjs";
import { DensityStrip } from "./replay/density.mjs";
import { Dial, parseTyped } from "./replay/dial.mjs";
import { commandOf } from "./replay/keys.mjs";
import { markWords } from "./replay/marks.mjs";
import { Tabs } from "./replay/tabs.mjs";
import { Deck } from "./takeaway/deck.mjs";
import { Tape, lastAtOrBefore } from "./takeaway/tape.mjs";

const TICK_MS = 100;
const MINUTE_MS = 60_000;
/** How long the whole stretch takes to play at first. */
const PLAY_MS = 180_000;

/** What the page holds, packed: base64 of gzip of JSON. */
async function unpack(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** Stands where Dash is on the screens: text and classes of elements by id. */
function setProps(id, { children, className }) {
  const element = document.getElementById(id);
  if (children !== undefined) text(element, String(children));
  if (className !== undefined) element.className = className;
}

class TakeAway {
  #tree = null;
  ask = onNextFrame(() => this.show());

  constructor({ root, words, station, carried, symbol }) {
    Object.assign(this, { root, words, station, carried });
    this.dial = new Dial();
    this.zones = Object.values(words.atlas.countries)
      .slice(0, 2)
      .map(({ zone }) => ({ zone, name: words.zone(zone) }));
    this.status = new StatusView(root, words);
    this.clocks = new ClockView(root, words, this.zones);
    this.feeds = new FeedsView(root, words);
    this.counters = new CountersView(root, words, this.zones);
    this.scrambles = new ScramblesView(root, words);
    this.threats = new ThreatsView(root, words, symbol);
    this.alerts = new AlertsView(root, words);
    this.advisories = new AdvisoriesView(root, words);
    this.ticker = new TickerView(root, words);
    this.statements = new StatementsView(root, words);
    text(root.querySelector("#theatre-title"), words.atlas.title);
    this.card = new Card(root);
    this.stage = new Stage(root, { station, words, card: this.card });
    this.band = new ReplayBand(words, (band) => root.querySelector(".middle").before(band));
    pictureCards(this);
    this.tabs = new Tabs(root, words, ["figures", "chapters"], () => this.ask());
    this.density = new DensityStrip(root.querySelector("#density"), {
      words,
      dial: this.dial,
      seek: (ms) => station.seek(ms),
      setLoop: (loop) => station.repeat(loop),
      goTo: (n) => this.goToChapter(n),
      labelOf: (mark) => markWords(mark, words),
      ask: (path, question) => this.answer(path, question),
    });
    this.controls = new Controls(root.querySelector("#controls"), {
      words,
      run: (name) => this.run(name),
      setSpeed: (speed) => (station.speed = speed),
      goTo: (typed) => this.goTo(typed),
      more: this.#knownButtons(),
    });
    this.chapters = this.#chapters();
    this.#about();
    station.onChange(this.ask);
    addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      const command = commandOf(event);
      if (command && this.run(command.name) !== false) event.preventDefault();
    });
    this.stage.start();
    setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  show() {
    const { station } = this;
    station.look();
    const now = station.moment();
    const { tree, serverNow, instant, status } = now;
    this.dial.look(tree);
    this.clocks.show(now);
    this.status.show(status, { ...now, title: tree.clock?.title ?? "" });
    const { replay } = station;
    this.band.show(now, replay, this.carried.title);
    this.controls.show({ replay, speed: station.speed, shownMs: this.dial.shown(serverNow), rate: this.dial.rate });
    for (const button of this.knownButtons) button.setAttribute("aria-checked", String(button.dataset.known === replay.known));
    this.density.show({ extent: [replay.fromMs, replay.toMs], at: serverNow, night: null, loop: replay.loopMs, playing: replay.playing });
    const before = this.#tree;
    this.#tree = tree;
    const changed = (...keys) => before === null || keys.some((key) => before[key] !== tree[key]);
    if (changed("feeds")) this.feeds.show(tree.feeds);
    this.stage.show(tree, instant.at, changed);
    if (changed("alerts", "regions", "alerting")) this.alerts.show(tree, this.stage.byRegion);
    if (changed("claims", "tally", "records", "feeds", "night")) this.counters.show(tree, serverNow, instant);
    this.scrambles.show(tree);
    this.statements.show(tree.statements);
    this.threats.show(tree.threats, leadClaim(tree) !== null);
    this.ticker.show(tree.ticker, performance.now());
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    this.ticker.tick(performance.now());
    if (this.advisories.show(tree.advisories, instant.at)) this.stage.overlay.ask();
    const second = Math.floor(serverNow / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counters.show(tree, serverNow, instant);
      this.stage.draw(instant.at);
    }
    this.#markChapter(serverNow);
  }

  /** What the strip asks a server for: how much came when, and what is worth a mark. */
  async answer(path, question) {
    if (path.endsWith("/marks")) return { marks: this.carried.marks };
    const [from, to, bins] = [Date.parse(question.from), Date.parse(question.to), Number(question.bins)];
    const counted = Object.fromEntries(
      Object.entries(this.carried.told).map(([kind, instants]) => {
        const counts = new Array(bins).fill(0);
        for (const ms of instants) {
          const n = Math.floor(((ms - from) / (to - from)) * bins);
          if (n >= 0 && n < bins) counts[n] += 1;
        }
        return [kind, counts];
      }),
    );
    return { from: question.from, to: question.to, bin_s: (to - from) / bins / 1000, ...counted };
  }

  /** Go to what was typed; false where it means nothing. */
  goTo(typed) {
    const ms = parseTyped(typed, this.dial.shown(this.station.now()), this.zones);
    if (ms === null) return false;
    this.station.seek(this.dial.ours(ms));
    return true;
  }

  /** n: from 1. */
  goToChapter(n) {
    const chapter = this.carried.chapters[n - 1];
    if (!chapter) return false;
    this.station.pause();
    this.station.seek(chapter.atMs);
    return true;
  }

  /** Do what a command of the briefing's keys names; false where there is nothing to do. */
  run(name) {
    const { station } = this;
    const { replay } = station;
    const shift = (ms) => station.seek(station.now() + ms / this.dial.rate);
    const commands = {
      toggle: () => (replay.playing ? station.pause() : station.play()),
      next: () => station.step(1),
      previous: () => station.step(-1),
      on: () => shift(MINUTE_MS),
      back: () => shift(-MINUTE_MS),
      faster: () => (station.speed = nextSpeed(station.speed, 1)),
      slower: () => (station.speed = nextSpeed(station.speed, -1)),
      reverse: () => station.turn(),
      type: () => this.controls.type(),
      begin: () => station.seek(replay.loopMs?.[0] ?? replay.fromMs),
      end: () => station.seek(replay.loopMs?.[1] ?? replay.toMs),
      "loop-in": () => this.#loop(station.now(), replay.loopMs?.[1] ?? replay.toMs),
      "loop-out": () => this.#loop(replay.loopMs?.[0] ?? replay.fromMs, station.now()),
      loop: () => station.repeat(replay.loop ? null : this.density.window),
      known: () => station.know(replay.known === "now" ? "then" : "now"),
      figures: () => this.tabs.open("figures"),
      chapters: () => this.tabs.open("chapters"),
      wider: () => this.density.zoom(2),
      narrower: () => this.density.zoom(0.5),
      all: () => this.density.all(),
      "chapter-next": () => this.goToChapter(this.#chapterAt(station.now()) + 1),
      "chapter-previous": () => this.goToChapter(this.#chapterAt(station.now() - 1)),
      close: () => document.activeElement?.blur(),
    };
    return Object.hasOwn(commands, name) ? commands[name]() : false;
  }

  #loop(from, to) {
    if (from < to) this.station.repeat([from, to]);
  }

  /** The number of the chapter that an instant is in, from 1; 0 before them all. */
  #chapterAt(ms) {
    return (
      lastAtOrBefore(
        this.carried.chapters.map(({ atMs }) => atMs),
        ms,
      ) + 1
    );
  }

  #markChapter(ms) {
    const current = this.#chapterAt(ms);
    if (current === this.chapter) return;
    this.chapter = current;
    this.chapters.forEach((row, n) => row.setAttribute("aria-current", n + 1 === current ? "step" : "false"));
    this.density.showChapters(
      this.carried.chapters.map(({ atMs, title }) => ({ at: atMs, title })),
      current,
    );
  }

  #chapters() {
    const rows = this.carried.chapters.map(({ atMs, title, note }, n) => {
      this.dial.look(this.station.tape.at(atMs));
      const button = h("button", "taken-chapter", h("time", "", zuluSeconds(this.dial.shown(atMs))), h("b", "", title), note ? h("span", "", note) : "");
      button.type = "button";
      button.addEventListener("click", () => this.goToChapter(n + 1));
      return button;
    });
    this.root.querySelector("#chapters-place").append(...rows);
    this.tabs.count("chapters", rows.length);
    return rows;
  }

  #knownButtons() {
    this.knownButtons = this.station.choices.map((as) => {
      const button = h("button", "known-choice", this.words.say(`briefing.known_${as}`));
      button.type = "button";
      button.dataset.known = as;
      button.setAttribute("role", "radio");
      button.addEventListener("click", () => this.station.know(as));
      return button;
    });
    const place = h("div", "known", ...this.knownButtons);
    place.setAttribute("role", "radiogroup");
    place.setAttribute("aria-label", this.words.say("briefing.known"));
    return [place];
  }

  /** What the file is, and what it has not. */
  #about() {
    const w = this.words;
    const { made_at, left_out } = this.carried;
    const said = [w.say("takeaway.made", { at: made_at }), ...left_out.map((key) => w.say(key))].join(" · ");
    text(this.root.querySelector("#about"), said);
  }
}

/**
 * MapLibre's worker is a module, wrapped in another, and a page from a disk is refused both. Nobody imports it: without what it
 * exports its script is one that any worker may run. It is the first that Plotly makes an address for.
 */
function letWorkersStart() {
  const SCRIPT = "text/javascript";
  const scripts = [];
  const addressOf = URL.createObjectURL;
  globalThis.Blob = class extends Blob {
    constructor(parts = [], options = {}) {
      super(options.type === SCRIPT ? parts.map((part) => String(part).replace(/\bexport ?\{\w+ as default\};/, "")) : parts, options);
    }
  };
  URL.createObjectURL = (what) => {
    const address = addressOf.call(URL, what);
    if (what.type === SCRIPT) scripts.push(address);
    return address;
  };
  globalThis.Worker = class extends Worker {
    constructor(address) {
      super(scripts[0] ?? address);
    }
  };
}

letWorkersStart();
globalThis.dash_clientside = { set_props: setProps };
const carried = await unpack("carried");
const words = new Words(carried.words, carried.atlas);
reword(words);
const symbol = (name) => carried.symbols[name] ?? carried.symbols.unknown;
await loadSymbols(symbol, Object.keys(carried.symbols));
const tapes = Object.fromEntries(Object.entries(carried.tapes).map(([known, tape]) => [known, new Tape(tape)]));
const station = new Deck({ theatre: carried.theatre }, tapes, carried.known);
const { start, end } = station.tape;
station.speed = Math.max(1, Math.round((end - start) / PLAY_MS));
const takeAway = new TakeAway({ root: document.getElementById("takeaway"), words, station, carried, symbol });
// The screen has its form now, so that the map is made as large as it stays.
const { figure } = carried;
for (const source of Object.values(figure.layout.map.style.sources)) source.data = carried.geography[source.data];
const graph = document.createElement("div");
const place = document.getElementById("map");
place.append(graph);
Plotly.newPlot(graph, figure.data, { ...figure.layout, autosize: true }, { displayModeBar: false, scrollZoom: true, doubleClick: false }).then(() => {
  // As Dash does: the place is as large as what stands round it leaves.
  new ResizeObserver(() => Plotly.Plots.resize(graph)).observe(place);
});
document.documentElement.dataset.ready = "true";
// For tests and for whoever looks with the browser's tools: what is shown, not a way to change it.
globalThis.watchfloor = { station, takeAway, stage: takeAway.stage, moment: () => station.moment() };
