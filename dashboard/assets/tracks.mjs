// Aircraft between their fixes: each glides from where it was seen to where it was seen next, over the time between two
// sweeps of its feed, and then waits there. None is ever ahead of its last fix.

import { mercatorX, mercatorY } from "./geometry.mjs";

/** Members of a track of the picture, which is an array. */
const LON = 0;
const LAT = 1;
const SEEN_MS = 2;
const COURSE = 3;
const SPEED_KT = 4;
const ALTITUDE_FT = 5;
const FLAGS = 6;
const AFFILIATION = 7;
const CALLSIGN = 8;
const TYPE = 9;
const FEED = 10;

const ON_GROUND = 1;
const MILITARY = 2;
const ANONYMOUS = 4;
const BY_HAND = 8;

const AFFILIATIONS = ["unknown", "neutral", "friend", "hostile"];
export const SECTORS = 36;
/** Sprite numbers: affiliation × (military, on the ground, stale) × course sector, the last of which is "no course". */
const PER_KIND = SECTORS + 1;

const LEAST_GAP_MS = 100;
const MOST_GAP_MS = 30_000;
/** Changes closer than this are pieces of one sweep. */
const ONE_SWEEP_MS = 60;
/** A fix so long after the one before it, and unusually so, is not reached by gliding. */
const LONG_SILENCE_MS = 120_000;
const TRAIL_FIXES = 6;

/** What a sprite number stands for: { affiliation, military, ground, stale, sector }; sector is null without a course. */
export function spriteOf(number) {
  const sector = number % PER_KIND;
  const kind = (number - sector) / PER_KIND;
  return {
    affiliation: AFFILIATIONS[kind & 3],
    military: Boolean(kind & 4),
    ground: Boolean(kind & 8),
    stale: Boolean(kind & 16),
    sector: sector === SECTORS ? null : sector,
  };
}

/** Whether what a sprite number stands for is hostile, or military and in the air. */
export function isTelling(number) {
  const kind = (number / PER_KIND) | 0;
  return (kind & 3) === 3 || (kind & 12) === 4;
}

/** What is known of a track, by name; null where it is no track. */
export function reading(fix) {
  if (!Array.isArray(fix) || !Number.isFinite(fix[LON]) || !Number.isFinite(fix[LAT])) return null;
  const number = (at) => (Number.isFinite(fix[at]) ? fix[at] : null);
  const flags = number(FLAGS) ?? 0;
  return {
    lon: fix[LON],
    lat: fix[LAT],
    seenMs: number(SEEN_MS) ?? 0,
    course: number(COURSE),
    speedKt: number(SPEED_KT),
    altitudeFt: number(ALTITUDE_FT),
    ground: Boolean(flags & ON_GROUND),
    military: Boolean(flags & MILITARY),
    anonymous: Boolean(flags & ANONYMOUS),
    byHand: Boolean(flags & BY_HAND),
    affiliation: AFFILIATIONS.includes(fix[AFFILIATION]) ? fix[AFFILIATION] : "unknown",
    callsign: String(fix[CALLSIGN] ?? "").slice(0, 12),
    type: String(fix[TYPE] ?? "").slice(0, 12),
    feed: String(fix[FEED] ?? ""),
  };
}

/** What kind a track is, without whether it is stale: a number that `spriteOf` reads. */
function numberOf({ affiliation, military, ground, course }) {
  const kind = AFFILIATIONS.indexOf(affiliation) | (military ? 4 : 0) | (ground ? 8 : 0);
  const sector = course === null || ground ? SECTORS : Math.round(course / (360 / SECTORS)) % SECTORS;
  return kind * PER_KIND + sector;
}

/** How much of a glide is behind, 0 to 1. A frame's clock may be earlier than what was taken since it began. */
function progress(now, begins, ends) {
  if (now >= ends || ends <= begins) return 1;
  return now > begins ? (now - begins) / (ends - begins) : 0;
}

const STALE = 16 * PER_KIND;
const COLUMNS = ["fromX", "fromY", "toX", "toY", "begins", "ends", "seen", "x", "y"];

export class Tracks {
  /** Number of tracks. Everything below is by their places, 0 to count − 1. */
  count = 0;
  keys = [];
  fixes = [];
  #places = new Map();
  #feeds = new Map();
  #trails = new Map();
  #source = null;
  #room = 0;

  /** glides: whether anything moves between fixes at all (reduced motion says no). */
  constructor({ glides = true } = {}) {
    this.glides = glides;
    this.#grow(256);
  }

  #grow(room) {
    for (const name of COLUMNS) {
      const column = new Float64Array(room);
      if (this[name]) column.set(this[name]);
      this[name] = column;
    }
    const sprite = new Int32Array(room);
    if (this.sprite) sprite.set(this.sprite);
    this.sprite = sprite;
    this.#room = room;
  }

  /**
   * Take the tracks of a picture, by key. now: the clock of the frames, in milliseconds. A fix is known by being another
   * array than before. Returns whether there was anything new.
   */
  take(byKey, now) {
    if (byKey === this.#source) return false;
    this.#source = byKey;
    const swept = new Map();
    let isChanged = false;
    let kept = 0;
    for (const key in byKey) {
      const place = this.#places.get(key);
      if (place !== undefined && this.fixes[place] === byKey[key]) {
        kept += 1;
        continue;
      }
      const told = reading(byKey[key]);
      if (!told) continue;
      kept += 1;
      isChanged = true;
      if (place === undefined) this.#add(key, byKey[key], told, now);
      else this.#move(place, byKey[key], told, now, this.#sweep(told.feed, place, told.seenMs, now, swept));
    }
    if (kept < this.count) {
      isChanged = true;
      for (let place = this.count - 1; place >= 0; place -= 1) {
        if (!Object.hasOwn(byKey, this.keys[place]) || byKey[this.keys[place]] !== this.fixes[place]) this.#remove(place);
      }
    }
    return isChanged;
  }

  /** The rhythm of a feed: how long between its sweeps by our clock (gap) and by its own (stride), as of now. */
  #sweep(feed, place, seenMs, now, swept) {
    let rhythm = swept.get(feed);
    if (rhythm) return rhythm;
    rhythm = this.#feeds.get(feed);
    if (!rhythm) this.#feeds.set(feed, (rhythm = { last: this.begins[place], gap: 0, stride: 0 }));
    const since = now - rhythm.last;
    if (since > ONE_SWEEP_MS) {
      const gap = Math.min(MOST_GAP_MS, Math.max(LEAST_GAP_MS, since));
      const stride = Math.max(0, seenMs - this.seen[place]);
      // One long pause does not make a slow feed.
      rhythm.gap = rhythm.gap ? Math.min((rhythm.gap + gap) / 2, 2 * rhythm.gap) : gap;
      rhythm.stride = rhythm.stride ? Math.min((rhythm.stride + stride) / 2, 2 * rhythm.stride + 1) : stride;
      rhythm.last = now;
    }
    swept.set(feed, rhythm);
    return rhythm;
  }

  #add(key, fix, told, now) {
    if (this.count === this.#room) this.#grow(2 * this.#room);
    const place = this.count;
    this.count += 1;
    this.keys[place] = key;
    this.#places.set(key, place);
    this.#set(place, fix, told);
    this.#stand(place, now);
  }

  #set(place, fix, told) {
    this.fixes[place] = fix;
    this.seen[place] = told.seenMs;
    this.sprite[place] = numberOf(told);
    this.toX[place] = mercatorX(told.lon);
    this.toY[place] = mercatorY(told.lat);
  }

  #stand(place, now) {
    this.fromX[place] = this.toX[place];
    this.fromY[place] = this.toY[place];
    this.begins[place] = this.ends[place] = now;
  }

  #move(place, fix, told, now, { gap, stride }) {
    const after = told.seenMs - this.seen[place];
    const [x, y] = this.positionOf(place, now);
    this.#remember(place, told);
    this.#set(place, fix, told);
    const isFar = after < 0 || (after > LONG_SILENCE_MS && after > 3 * stride);
    if (!this.glides || isFar) {
      if (isFar) this.#trails.delete(this.keys[place]);
      this.#stand(place, now);
      return;
    }
    this.fromX[place] = x;
    this.fromY[place] = y;
    this.begins[place] = now;
    this.ends[place] = now + (gap || LEAST_GAP_MS);
  }

  /** The fixes of the few whose trail is worth showing. */
  #remember(place, { military, affiliation, ground }) {
    if (ground || !(military || affiliation === "hostile")) return;
    const key = this.keys[place];
    const trail = this.#trails.get(key) ?? [];
    trail.push([this.toX[place], this.toY[place]]);
    if (trail.length > TRAIL_FIXES) trail.shift();
    this.#trails.set(key, trail);
  }

  /** True fixes before the last one, the oldest first, in Mercator. */
  trailOf(key) {
    return this.#trails.get(key) ?? [];
  }

  #remove(place) {
    const last = this.count - 1;
    this.#places.delete(this.keys[place]);
    this.#trails.delete(this.keys[place]);
    if (place !== last) {
      for (const name of COLUMNS) this[name][place] = this[name][last];
      this.sprite[place] = this.sprite[last];
      this.keys[place] = this.keys[last];
      this.fixes[place] = this.fixes[last];
      this.#places.set(this.keys[place], place);
    }
    this.keys.length = this.fixes.length = this.count = last;
  }

  /**
   * Mark what was seen longer ago than that, at an instant of the server's clock, or by a feed that is late: a list of
   * feeds. Returns whether that changed any.
   */
  age(at, staleAfterMs, late) {
    let changed = false;
    for (let place = 0; place < this.count; place += 1) {
      const stale = (at !== null && at - this.seen[place] > staleAfterMs) || (late.length > 0 && late.includes(this.fixes[place][FEED]));
      const number = (this.sprite[place] % STALE) + (stale ? STALE : 0);
      if (number !== this.sprite[place]) changed = true;
      this.sprite[place] = number;
    }
    return changed;
  }

  placeOf(key) {
    return this.#places.get(key) ?? -1;
  }

  /** Where it is shown at an instant of the frames' clock, in Mercator. */
  positionOf(place, now) {
    const [begins, ends] = [this.begins[place], this.ends[place]];
    const done = progress(now, begins, ends);
    return [
      this.fromX[place] + (this.toX[place] - this.fromX[place]) * done,
      this.fromY[place] + (this.toY[place] - this.fromY[place]) * done,
    ];
  }

  /**
   * Put all on the screen: x and y become CSS pixels. world: { size, left, top } of the Mercator square in CSS pixels.
   * Returns the greatest speed of any in CSS pixels a millisecond: 0 when nothing moves.
   */
  place(now, { size, left, top }) {
    let fastest = 0;
    const { fromX, fromY, toX, toY, begins, ends, x, y, count } = this;
    for (let n = 0; n < count; n += 1) {
      const done = progress(now, begins[n], ends[n]);
      if (done === 1) {
        x[n] = toX[n] * size - left;
        y[n] = toY[n] * size - top;
        continue;
      }
      const [dx, dy] = [toX[n] - fromX[n], toY[n] - fromY[n]];
      x[n] = (fromX[n] + dx * done) * size - left;
      y[n] = (fromY[n] + dy * done) * size - top;
      const speed = ((Math.abs(dx) + Math.abs(dy)) * size) / (ends[n] - begins[n]);
      if (speed > fastest) fastest = speed;
    }
    return fastest;
  }

  /**
   * The nearest to a point of the screen within a reach, as they were last placed: a place, or −1. All of 5,000 are looked
   * at in 20 µs; a grid would have to be made anew for every frame.
   */
  near(x, y, reach) {
    let [best, least] = [-1, reach * reach];
    for (let place = 0; place < this.count; place += 1) {
      const distance = (this.x[place] - x) ** 2 + (this.y[place] - y) ** 2;
      if (distance < least) [best, least] = [place, distance];
    }
    return best;
  }
}
