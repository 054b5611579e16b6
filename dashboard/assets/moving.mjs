// The canvas of what moves: tracks as APP-6 symbols with their course, the names of a few, dots where some of them were.
// It draws when a track has moved by half a pixel since, and not at all while none does.

import { TILE_PX, mercatorX, mercatorY } from "./geometry.mjs";
import { Pixels } from "./blit.mjs";
import { AROUND, place } from "./labels.mjs";
import { INK, Pen } from "./pen.mjs";
import { dot, name, ring, symbol } from "./trackmarks.mjs";
import { Tracks, isTelling, reading, spriteOf } from "./tracks.mjs";

const STEP_PX = 0.5;
/** Above this many in view symbols are small, and below the other large again: the map under them is to be seen still. */
const CROWD = 1_200;
const NO_CROWD = 900;
const MOST_LABELS = 40;
/** More than this many in view, and only what is military, hostile or selected has a name. */
const FEW = 60;
/** Names are placed anew at most so often: one that jumps cannot be read. */
const NAMING_MS = 400;
const STALE_OPACITY = 0.35;
/** Of what is civil and nobody's enemy: most of what flies, and least of what the night is about. */
const QUIET_OPACITY = 0.72;

export class Moving {
  #timer = 0;
  #labels = new Map();
  #unit = 16;
  #crowded = false;
  #pixels = new Pixels();
  #namedAt = -Infinity;
  frames = 0;
  selected = null;
  /** Set it when names may have to stand elsewhere. */
  isNamingDue = true;

  /** Draw every picture anew: it has other colours. */
  repaint() {
    this.#pixels.forget();
  }

  /** ask(): have everything drawn with the next frame. */
  constructor(ask) {
    this.canvas = Object.assign(document.createElement("canvas"), { className: "overlay" });
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
    this.ask = ask;
    this.tracks = new Tracks({ glides: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  /**
   * Draw at an instant of the frames' clock; then ask for the next frame when something will have moved. room: what is
   * free of what stands.
   */
  draw(now, view, room, words) {
    clearTimeout(this.#timer);
    this.#prepare(view);
    const size = TILE_PX * 2 ** view.zoom;
    const world = { size, left: mercatorX(view.lon) * size - view.width / 2, top: mercatorY(view.lat) * size - view.height / 2 };
    const fastest = this.tracks.place(now, world);
    if (this.isNamingDue && (now - this.#namedAt > NAMING_MS || now < this.#namedAt)) this.#name(room.above(), words, view, now);
    const pixels = this.#pixels;
    pixels.clear();
    const inView = this.#stampAll(view, world);
    this.#crowd(inView);
    pixels.put(this.context);
    this.frames += 1;
    const waitMs = Math.min(fastest > 0 ? STEP_PX / (fastest * this.ratio) : Infinity, this.isNamingDue ? NAMING_MS : Infinity);
    if (waitMs < Infinity) this.#next(waitMs);
  }

  #next(waitMs) {
    if (waitMs < 20) this.ask();
    else this.#timer = setTimeout(this.ask, Math.min(waitMs, 10_000));
  }

  #prepare(view) {
    const ratio = devicePixelRatio || 1;
    // What a page's type is costs a look at its styles: not in every frame.
    const pen = this.isNamingDue || ratio !== this.ratio ? new Pen(this.context, ratio) : this.pen;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
    }
    this.#pixels.resize(width, height, Math.ceil(6 * pen.rem * ratio));
    const unit = pen.rem * ratio;
    if (unit !== this.#unit) this.#pixels.forget();
    this.#unit = unit;
    Object.assign(this, { pen, ratio });
  }

  #crowd(inView) {
    const crowded = inView > (this.#crowded ? NO_CROWD : CROWD);
    if (crowded === this.#crowded) return;
    this.#crowded = crowded;
    this.#pixels.forget();
    this.ask();
  }

  #stampAll({ width, height }, world) {
    const { tracks, ratio } = this;
    const pixels = this.#pixels;
    const { x, y, sprite } = tracks;
    const later = [];
    let inView = 0;
    for (let n = 0; n < tracks.count; n += 1) {
      if (!(x[n] >= 0 && y[n] >= 0 && x[n] < width && y[n] < height)) continue;
      inView += 1;
      if (isTelling(sprite[n])) later.push(n);
      else this.#stampOne(sprite[n], (x[n] * ratio) | 0, (y[n] * ratio) | 0);
    }
    for (const n of later) this.#dots(n, world);
    for (const n of later) this.#stampOne(sprite[n], (x[n] * ratio) | 0, (y[n] * ratio) | 0);
    for (const [key, { rows, dx, dy, side }] of this.#labels) {
      const n = tracks.placeOf(key);
      if (n < 0) continue;
      const called = `${side}|${rows.map(({ text, ink }) => text + ink).join("|")}`;
      const label = pixels.sprite(called) ?? pixels.keep(called, name(this.pen, rows, side));
      pixels.stamp(label, ((x[n] + dx) * ratio) | 0, ((y[n] + dy) * ratio) | 0);
    }
    const chosen = this.selected === null ? -1 : tracks.placeOf(this.selected);
    if (chosen >= 0) {
      const around = pixels.sprite("selected") ?? pixels.keep("selected", ring(this.#unit));
      pixels.stamp(around, (x[chosen] * ratio) | 0, (y[chosen] * ratio) | 0);
    }
    return inView;
  }

  #stampOne(number, x, y) {
    const sprite = this.#pixels.sprite(number) ?? this.#symbol(number);
    if (sprite) this.#pixels.stamp(sprite, x, y);
  }

  #symbol(number) {
    const told = spriteOf(number);
    const picture = symbol(told, this.#unit, this.#crowded);
    return picture && this.#pixels.keep(number, picture, opacityOf(told));
  }

  #dots(n, { size, left, top }) {
    const { tracks, ratio } = this;
    const pixels = this.#pixels;
    const trail = tracks.trailOf(tracks.keys[n]);
    if (!trail.length) return;
    const { affiliation } = spriteOf(tracks.sprite[n]);
    const mark = pixels.sprite(affiliation) ?? pixels.keep(affiliation, dot(INK[affiliation], this.#unit));
    for (const [mx, my] of trail) {
      pixels.stamp(mark, ((mx * size - left) * ratio) | 0, ((my * size - top) * ratio) | 0);
    }
  }

  /** Choose who has a name, and where it stands, in the room that what stands still has left. */
  #name(room, words, view, now) {
    this.isNamingDue = false;
    this.#namedAt = now;
    const before = this.#labels;
    const after = new Map();
    const { tracks, pen } = this;
    for (const { n, told } of this.#candidates(view)) {
      if (after.size === MOST_LABELS) break;
      const rows = labelRows(told, words);
      if (!rows.length) continue;
      const key = tracks.keys[n];
      const half = 0.75 * pen.rem;
      const { width, height } = pen.extent(rows);
      const [x, y] = [tracks.x[n], tracks.y[n]];
      const sides = [...new Set([before.get(key)?.side, ...AROUND])].filter(Boolean);
      const spot = place(room, { x, y, half, width, height, gap: 0.25 * pen.rem, sides });
      if (!spot) continue;
      after.set(key, { rows, side: spot[2], dx: spot[0] + width / 2 - x, dy: spot[1] + height / 2 - y });
    }
    this.#labels = after;
  }

  /** Who deserves a name, the most telling first. */
  #candidates({ width, height }) {
    const { tracks } = this;
    const all = [];
    for (let n = 0; n < tracks.count; n += 1) {
      if (tracks.x[n] >= 0 && tracks.y[n] >= 0 && tracks.x[n] < width && tracks.y[n] < height) all.push(n);
    }
    const few = all.length <= FEW;
    const rank = (n) => {
      const { affiliation, military, ground, stale } = spriteOf(tracks.sprite[n]);
      if (tracks.keys[n] === this.selected) return 9;
      if (ground || stale) return 0;
      return (affiliation === "hostile" ? 4 : 0) + (military ? 2 : 0) + (few ? 1 : 0);
    };
    const ranked = all.map((n) => ({ n, rank: rank(n) })).filter((each) => each.rank > 0);
    ranked.sort((a, b) => b.rank - a.rank || (tracks.keys[a.n] < tracks.keys[b.n] ? -1 : 1));
    return ranked.slice(0, 3 * MOST_LABELS).map(({ n }) => ({ n, told: reading(tracks.fixes[n]) }));
  }

  /** The track under a point of the map: { key, x, y, half, … }, or null. */
  at(x, y) {
    const { tracks } = this;
    const half = 0.6 * (this.pen?.rem ?? 16);
    const n = tracks.near(x, y, half * 1.3);
    if (n < 0) return null;
    const told = reading(tracks.fixes[n]);
    const key = tracks.keys[n];
    const label = told.callsign || key.toUpperCase();
    return { kind: "track", key, label, x: tracks.x[n], y: tracks.y[n], half, track: told, lon: told.lon, lat: told.lat };
  }
}

const opacityOf = ({ stale, military, affiliation }) => (stale ? STALE_OPACITY : military || affiliation === "hostile" ? 1 : QUIET_OPACITY);

function labelRows({ callsign, type, altitudeFt, ground, affiliation }, words) {
  const ink = INK[affiliation] ?? INK.text;
  const text = callsign || type;
  if (!text) return [];
  const row = { text, size: 0.72, weight: 700, ink };
  if (ground || altitudeFt === null) return [row];
  const n = String(Math.max(0, Math.round(altitudeFt / 100))).padStart(3, "0");
  return [row, { text: words.say("track.level", { n }), size: 0.66, weight: 600, ink: INK.text }];
}
