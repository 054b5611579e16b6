// Starts the take-away: the briefing's picture in one file, played from what the page itself holds.

import { h, text } from "./build.mjs";
import { zuluSeconds } from "./clock.mjs";
import { reword } from "./language.mjs";
import { expose } from "./screen.mjs";
import { loadSymbols } from "./sprites.mjs";
import { Words } from "./words.mjs";
import { KnownSwitch } from "./replay/known.mjs";
import { ReplayScreen } from "./replay/screen.mjs";
import { Deck } from "./takeaway/deck.mjs";
import { Tape, lastAtOrBefore } from "./takeaway/tape.mjs";

const TICK_MS = 100;
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

class TakeAway extends ReplayScreen {
  constructor({ carried, symbol, ...of }) {
    super(of, symbol);
    this.carried = carried;
    this.known = new KnownSwitch(this.words, this.station.choices, (as) => this.know(as));
    this.control({
      tabs: ["figures", "chapters"],
      turned: () => this.ask(),
      strip: { ask: (path, question) => this.answer(path, question) },
      more: [this.known.element],
    });
    this.chapters = this.#chapters();
    this.#about();
    // A tape tells nobody that it has moved.
    this.begin(TICK_MS, () => this.show());
  }

  show() {
    this.station.look();
    return super.show();
  }

  tick(now = this.station.moment()) {
    const isNewSecond = super.tick(now);
    const { replay } = this.station;
    this.band.show(now, replay, this.carried.title);
    this.known.show(replay.known);
    this.#markChapter(now.serverNow);
    return isNewSecond;
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

  /** n: from 1. */
  goToChapter(n) {
    const chapter = this.carried.chapters[n - 1];
    if (!chapter) return false;
    this.station.pause();
    this.station.seek(chapter.atMs);
    return true;
  }

  commands() {
    const { station } = this;
    const { replay } = station;
    return {
      ...super.commands(),
      "loop-in": () => this.#loop(station.now(), replay.loopMs?.[1] ?? replay.toMs),
      "loop-out": () => this.#loop(replay.loopMs?.[0] ?? replay.fromMs, station.now()),
      "chapter-next": () => this.goToChapter(this.#chapterAt(station.now()) + 1),
      "chapter-previous": () => this.goToChapter(this.#chapterAt(station.now() - 1)),
    };
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
expose("takeAway", new TakeAway({ root: document.getElementById("takeaway"), words, station, carried, symbol }));
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
