// What is drawn over the map: two canvases, one for what moves and one for what stands. Drawn when the map moved, the
// picture changed or a track moved on; never by a loop of its own.

import { Moving } from "./moving.mjs";
import { Pace } from "./pace.mjs";
import { Still } from "./still.mjs";

/** Lists of a scene, each a layer that can be switched off. */
export const LAYERS = ["threats", "scrambles", "links", "closures", "strikes", "markers", "regions", "towns", "countries", "tracks"];
const NO_TRACKS = { byKey: {}, at: null, staleAfterMs: 0, late: [] };
/** Of the lists, what only a card shows; it is known by being another object. */
const UNSEEN = ["view", "witnesses"];
/** What stands is drawn anew so often at most while the picture changes; the map's own moves are followed at once. */
const STILL_EVERY_MS = 250;

export class Overlay {
  #asked = 0;
  #isStillDue = false;
  #isChanged = false;
  #seen = "";
  #selected = null;
  #measure = null;
  #off = {};
  #pace;
  /** How many frames each canvas drew, how many changes of the picture were drawn, and when the last was (performance.now()). */
  frames = { still: 0, moving: 0, changes: 0, changedAt: 0 };
  scene = null;

  /** holder: where the canvases go. view(): of the map, or null while there is none. */
  constructor(holder, view) {
    this.holder = holder;
    this.view = view;
    this.moving = new Moving(() => this.#askFrame());
    this.still = new Still(holder);
    this.#pace = new Pace(STILL_EVERY_MS, this.ask);
    holder.append(this.moving.canvas, this.still.canvas);
  }

  /**
   * Give it another scene: { threats, unplaced, elsewhere, scrambles, links, closures, strikes, markers, regions, towns,
   * countries, tracks, words }, the lists of scene.mjs. What stands is drawn anew only where something that is seen of it
   * changed.
   */
  show(scene) {
    const lists = { elsewhere: [], links: [], markers: [], tracks: NO_TRACKS, ...scene };
    this.scene = lists;
    const seen = signature(lists);
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#isChanged = true;
      this.#pace.ask();
    }
    this.showTracks(lists.tracks);
  }

  /** Only the tracks changed: of scene.mjs. */
  showTracks(tracks) {
    if (this.scene) this.scene.tracks = tracks;
    const { byKey, at, staleAfterMs, late } = this.#isOff("tracks") ? NO_TRACKS : tracks;
    const isNew = this.moving.tracks.take(byKey, performance.now());
    const isAged = this.moving.tracks.age(at, staleAfterMs, late);
    if (!isNew && !isAged) return;
    this.#isChanged ||= isNew;
    this.moving.isNamingDue = true;
    this.#askFrame();
  }

  /** Draw all of it with the next frame of the browser: the map moved, or what stands over it. */
  ask = () => {
    this.#isStillDue = true;
    this.#askFrame();
  };

  /** All of it anew, in other colours. */
  repaint() {
    this.moving.repaint();
    this.ask();
  }

  /** Switch layers: { tracks: false, towns: true }. Those not named stay as they are. */
  layers(set) {
    for (const name of LAYERS) if (Object.hasOwn(set, name)) this.#off[name] = set[name] === false;
    if (this.scene) this.showTracks(this.scene.tracks);
    this.ask();
  }

  #isOff = (name) => this.#off[name] === true;

  /** Ring what has a key, or nothing (null). The map stays where it is. */
  select(key) {
    if (this.#selected === key) return;
    this.#selected = this.moving.selected = key;
    this.ask();
  }

  get selected() {
    return this.#selected;
  }

  /** A line to be measured: { from: [lon, lat], to: [lon, lat] }, or null. */
  set measure(line) {
    this.#measure = line;
    this.ask();
  }

  get measure() {
    return this.#measure;
  }

  /** What was drawn of what stands, with x, y and half in CSS pixels. */
  get items() {
    return this.still.items;
  }

  #askFrame() {
    if (this.#asked) return;
    this.#asked = requestAnimationFrame((now) => {
      this.#asked = 0;
      this.draw(now);
    });
  }

  /** Within a frame: draw in this one what was asked for, not in the next. */
  flush() {
    if (!this.#asked) return;
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    this.draw(document.timeline.currentTime);
  }

  /** Whether all that it was shown is on the canvases. */
  get isDrawn() {
    return !this.#isChanged;
  }

  /** now: of the frame, in milliseconds of performance.now(). */
  draw(now = performance.now()) {
    const view = this.view();
    if (!view || !this.scene || !view.width || !view.height) return;
    if (this.#isStillDue) {
      this.#isStillDue = false;
      const off = Object.fromEntries(LAYERS.filter(this.#isOff).map((name) => [name, []]));
      if (off.threats) off.unplaced = [];
      this.still.draw(view, { ...this.scene, ...off }, { selected: this.#selected, measure: this.#measure });
      this.frames.still += 1;
      this.moving.isNamingDue = true;
    }
    this.moving.draw(now, view, this.still.room, this.scene.words);
    this.frames.moving = this.moving.frames;
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.frames.changes += 1;
    this.frames.changedAt = performance.now();
  }

  /** The item under a point of the window, the nearest first, what stands before what moves: { item, box }, or null. */
  at(clientX, clientY) {
    const frame = this.holder.getBoundingClientRect();
    const [x, y] = [clientX - frame.left, clientY - frame.top];
    let best = null;
    let least = Infinity;
    for (const item of this.items) {
      const distance = Math.hypot(item.x - x, item.y - y);
      if (distance <= item.half * 1.2 && distance < least) [best, least] = [item, distance];
    }
    best ??= this.moving.at(x, y);
    return best && { item: best, box: new DOMRect(frame.left + best.x - best.half, frame.top + best.y - best.half, 2 * best.half, 2 * best.half) };
  }
}

const numbers = new WeakMap();
let last = 0;

function numberOf(object) {
  if (!numbers.has(object)) numbers.set(object, (last += 1));
  return numbers.get(object);
}

const identity = (value) => (Array.isArray(value) ? value.map(identity) : typeof value === "object" && value !== null ? numberOf(value) : value);

/** Differs when anything differs that is drawn, or that is told of it when it is pointed at. */
function signature({ words, towns, countries, tracks, ...lists }) {
  const known = (key, value) => (UNSEEN.includes(key) ? identity(value) : value);
  return `${words.lang}|${identity(towns)}|${identity(countries)}|${JSON.stringify(lists, known)}`;
}
