// What plays a tape: a station whose picture comes from the page itself, with the replay's clock and controls.

import { shownInstant } from "../clock.mjs";
import { statusOf } from "../status.mjs";
import { LEAST_SPEED, MOST_SPEED } from "../replay/station.mjs";

const LINK = { state: "up", attempt: 0, closeCode: 0, closeReason: "", lostAtMs: null, startedAtMs: 0, foreign: "" };
const STORE = { state: "ok", lostAtMs: null };

export class Deck {
  room = "";
  isReplay = true;
  #tapes;
  #at;
  #shownAt = 0;
  #playing = false;
  #reverse = false;
  #speed = 1;
  #loop = null;
  #changed = new Set();

  /** tapes: { then, now }, one of them at least. known: which is shown first. */
  constructor(config, tapes, known, { monotonic = () => performance.now() } = {}) {
    this.config = config;
    this.monotonic = monotonic;
    this.#tapes = tapes;
    this.known = known;
    this.#at = this.tape.start;
    this.picture = { position: null };
    const deck = this;
    Object.defineProperty(this.picture, "tree", { get: () => deck.tree });
    this.link = { ...LINK, send: () => false };
    this.time = { now: () => this.now(), known: true, heard() {} };
  }

  get tape() {
    return this.#tapes[this.known];
  }

  /** As known when it can be shown. */
  get choices() {
    return Object.keys(this.#tapes);
  }

  get tree() {
    return this.tape.at(this.now());
  }

  onChange(listener) {
    this.#changed.add(listener);
  }

  /** Nothing is heard here. */
  onMessage() {}

  /** The shown instant by our clock, in milliseconds. */
  now() {
    if (!this.#playing) return this.#at;
    const passed = (this.monotonic() - this.#shownAt) * this.#speed * (this.#reverse ? -1 : 1);
    const [least, most] = this.#bounds();
    const at = this.#at + passed;
    if (at >= least && at <= most) return at;
    if (this.#loop && this.#at >= least && this.#at <= most) return least + ((((at - least) % (most - least)) + (most - least)) % (most - least));
    return Math.min(Math.max(at, least), most);
  }

  moment() {
    const { tree } = this;
    const serverNow = this.now();
    const instant = shownInstant(tree, serverNow);
    const status = statusOf({ link: LINK, store: STORE, tree, instant, replay: true });
    return { tree, serverNow, instant, link: LINK, status, store: STORE, replay: true };
  }

  /** As the replay says it of itself. */
  get replay() {
    const { start, end } = this.tape;
    return {
      at: new Date(this.now()).toISOString(),
      atMs: this.now(),
      known: this.known,
      playing: this.#playing,
      speed: this.#speed,
      reverse: this.#reverse,
      fromMs: start,
      toMs: end - 1,
      loop: this.#loop,
      loopMs: this.#loop,
      room: "",
      leading: false,
      ready: true,
    };
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#settle();
    this.#speed = Math.min(MOST_SPEED, Math.max(LEAST_SPEED, speed));
    this.#tell();
  }

  play() {
    const [least, most] = this.#bounds();
    this.#settle();
    if (!this.#reverse && this.#at >= most) this.#at = least;
    if (this.#reverse && this.#at <= least) this.#at = most;
    this.#playing = true;
    this.#tell();
  }

  pause() {
    this.#settle();
    this.#playing = false;
    this.#tell();
  }

  /** The other way round. */
  turn() {
    this.#settle();
    this.#reverse = !this.#reverse;
    this.#tell();
  }

  seek(ms) {
    const { start, end } = this.tape;
    this.#at = Math.min(Math.max(ms, start), end - 1);
    this.#shownAt = this.monotonic();
    this.#tell();
  }

  step(by) {
    this.pause();
    const ms = this.tape.step(this.#at, by);
    if (ms !== null) this.seek(ms);
  }

  know(as) {
    if (!this.#tapes[as]) return;
    this.#settle();
    this.known = as;
    this.#tell();
  }

  repeat(loop) {
    this.#settle();
    this.#loop = loop;
    this.#tell();
  }

  /** Whether it has played to where it ends; then it stands. */
  look() {
    if (!this.#playing || this.#loop) return;
    const [least, most] = this.#bounds();
    const at = this.now();
    if (this.#reverse ? at <= least : at >= most) this.pause();
  }

  #bounds() {
    const { start, end } = this.tape;
    return this.#loop ?? [start, end - 1];
  }

  #settle() {
    this.#at = this.now();
    this.#shownAt = this.monotonic();
  }

  #tell() {
    for (const change of this.#changed) change();
  }
}
