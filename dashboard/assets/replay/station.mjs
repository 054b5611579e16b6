// A station whose frames come from the replay: the same link and picture, another clock, and the way to move it.

import { Station } from "../station.mjs";
import { Dial } from "./dial.mjs";

/** Without a word for longer than this the clock stands still: nobody knows whether it goes on. */
const COAST_MS = 1500;
const SEEK_EVERY_MS = 40;
/** An exercise's instants are years away from ours: what is asked for so long before all that there is, is one of them. */
const FAR_MS = 86_400_000;
const MOST_TRIES = 12;
export const LEAST_SPEED = 1;
export const MOST_SPEED = 3600;
const ROOM_TAKEN = 4013;
const NOT_ALLOWED = 4012;

/** The replay's clock, as the last message told it. */
export class ReplayTime {
  state = null;
  #heardAt = 0;

  constructor(monotonic = () => performance.now()) {
    this.monotonic = monotonic;
  }

  heard() {}

  /** told: a message's `replay`. Until that is ready it stands where it stood: another socket knows no place yet. */
  learn(told) {
    const state = told.ready || !this.state ? told : { ...told, at: this.state.at, from: this.state.from, to: this.state.to };
    this.state = { ...state, atMs: Date.parse(state.at), fromMs: Date.parse(state.from), toMs: Date.parse(state.to) };
    this.state.loopMs = state.loop ? state.loop.map((each) => Date.parse(each)) : null;
    this.#heardAt = this.monotonic();
  }

  get known() {
    return this.state !== null;
  }

  /** Milliseconds since the epoch, of what is shown. */
  now() {
    if (!this.state) return Date.now();
    const { atMs, fromMs, toMs, loopMs, playing, speed, reverse } = this.state;
    if (!playing) return atMs;
    const passed = Math.min(this.monotonic() - this.#heardAt, COAST_MS) * speed * (reverse ? -1 : 1);
    const [least, most] = loopMs && atMs >= loopMs[0] && atMs <= loopMs[1] ? loopMs : [fromMs, Math.max(fromMs, toMs)];
    return Math.min(Math.max(atMs + passed, least), most);
  }
}

/** The address of the replay's socket. wished: { at (ms), known, lead, follow, epoch }. */
function replayUrl(config, location, wished) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const query = new URLSearchParams({ theatre: config.theatre });
  if (Number.isFinite(wished.at)) query.set("at", new Date(wished.at).toISOString());
  for (const name of ["known", "lead", "follow", "epoch"]) if (wished[name]) query.set(name, wished[name]);
  return `${scheme}//${location.hostname}:${config.replay_port}/v1/replay?${query}`;
}

/**
 * Shows the replay. wished: as for replayUrl, and speed, loop ([ms, ms]).
 * What was set is set again when the link comes back: another socket is another replay.
 */
export class ReplayStation extends Station {
  /** Of the room that was asked for: "" or why it is not led. */
  refused = "";
  /** Whether nobody leads the room that is followed. */
  idle = false;
  #wished;
  #welcomed = false;
  #playing = false;
  #reverse = false;
  #seekTimer = null;
  #seekTo = null;
  /** The instant of the address, until it is clear by which clock it is meant. */
  #aim = null;
  #dial = new Dial();
  #tries = 0;
  #awaited = null;

  constructor(config, wish, wished, location = globalThis.location) {
    super(config, wish, replayUrl(config, location, wished));
    this.time = new ReplayTime();
    this.#wished = { speed: 1, loop: null, ...wished };
    this.location = location;
    this.#aim = Number.isFinite(wished.at) ? wished.at : null;
    this.onMessage((message) => this.#hear(message));
    this.onChange(() => this.#lookForRefusal());
  }

  get isReplay() {
    return true;
  }

  get live() {
    return null;
  }

  /** What the replay last said of itself, with atMs, fromMs, toMs and loopMs; null before. */
  get replay() {
    return this.time.state;
  }

  get room() {
    return this.#wished.lead ?? "";
  }

  play({ speed, reverse = false } = {}) {
    if (speed !== undefined) this.#wished.speed = Math.min(MOST_SPEED, Math.max(LEAST_SPEED, speed));
    [this.#playing, this.#reverse] = [true, reverse];
    this.link.send({ type: "play", speed: this.#wished.speed, reverse });
  }

  /** The other way from here on; playing goes on or begins. */
  turn() {
    this.play({ reverse: !(this.replay?.playing && this.replay.reverse) });
  }

  pause() {
    this.#playing = false;
    this.link.send({ type: "pause" });
  }

  /** The speed that it plays by, now or when it is told to. */
  get speed() {
    return this.#wished.speed;
  }

  set speed(speed) {
    this.#wished.speed = Math.min(MOST_SPEED, Math.max(LEAST_SPEED, speed));
    if (this.replay?.playing) this.play({ reverse: this.replay.reverse });
  }

  /** Go to an instant, in milliseconds; of many that are asked for quickly the last counts. */
  seek(ms) {
    this.#aim = null;
    this.#go(ms);
  }

  #go(ms) {
    this.#seekTo = this.#wished.at = ms;
    this.#readdress();
    if (this.#seekTimer !== null) return;
    this.#sendSeek();
    this.#seekTimer = setTimeout(() => {
      this.#seekTimer = null;
      if (this.#seekTo !== null) this.#go(this.#seekTo);
    }, SEEK_EVERY_MS);
  }

  step(by) {
    this.#playing = false;
    this.link.send({ type: "step", by });
  }

  /** as: "then" or "now". */
  know(as) {
    this.#wished.known = as;
    this.link.send({ type: "known", as });
  }

  /** loop: [ms, ms], or null. */
  repeat(loop) {
    this.#wished.loop = loop;
    const [from, to] = loop?.map((ms) => new Date(ms).toISOString()) ?? [null, null];
    this.link.send({ type: "loop", from, to });
  }

  view(view) {
    if (this.room) this.link.send({ type: "view", view });
  }

  /** Lead a room from here on, or with "" none. */
  lead(room) {
    this.refused = "";
    if (!room) {
      this.#wished.lead = "";
      this.#readdress();
      this.link.send({ type: "end" });
      return;
    }
    this.#wished.lead = room;
    this.#readdress();
    this.link.move(this.link.url);
  }

  #sendSeek() {
    const ms = this.#seekTo;
    this.#seekTo = null;
    this.link.send({ type: "seek", at: new Date(ms).toISOString() });
  }

  #hear(message) {
    if (message.replay) {
      this.time.learn(message.replay);
      if (message.replay.ready) this.#goOnFrom(message);
      // Another socket may not have heard what was looked for.
      if (message.type === "welcome") this.#awaited = null;
      this.idle = false;
      this.#readdress();
      this.#takeAim();
    }
    if (message.type === "idle" || message.type === "ended") this.idle = true;
    if (message.type === "welcome" && message.replay && !this.#wished.follow) this.#again(message.replay);
  }

  /** What another socket is to go on from. */
  #goOnFrom({ type, replay }) {
    this.#wished.at = this.replay.atMs;
    if (this.link.state === "up" && type !== "welcome") [this.#playing, this.#reverse] = [replay.playing, replay.reverse];
  }

  /** Go to an instant of the exercise's clock, which may have to be looked for first: it is told soon after the beginning. */
  #takeAim() {
    const { tree, replay } = this;
    if (this.#aim === null || tree === null) return;
    if (tree.status !== "exercise" || this.#aim > replay.fromMs - FAR_MS) {
      this.#aim = null;
      return;
    }
    if (!replay.ready || (this.#awaited !== null && Math.abs(replay.atMs - this.#awaited) > 1)) return;
    this.#dial.look(tree);
    const there = this.#dial.isExercise ? Math.round(this.#dial.ours(this.#aim)) : replay.fromMs + 500 * 2 ** this.#tries;
    this.#tries += 1;
    // Its clock is not quite even: one that was told nearer by says better.
    if (this.#tries > MOST_TRIES || Math.abs(there - replay.atMs) <= 1) this.#aim = null;
    else this.#go((this.#awaited = Math.min(Math.max(there, replay.fromMs), replay.toMs)));
  }

  /** Another socket begins paused at its instant, and knows no loop. */
  #again() {
    const { loop } = this.#wished;
    if (loop) this.repeat(loop);
    if (this.#welcomed && this.#playing) this.play({ reverse: this.#reverse });
    this.#welcomed = true;
  }

  /** A room that cannot be led: go on alone, and say so. */
  #lookForRefusal() {
    const { state, closeCode } = this.link;
    if (!this.#wished.lead || state === "up" || (closeCode !== ROOM_TAKEN && closeCode !== NOT_ALLOWED)) return;
    this.refused = closeCode === ROOM_TAKEN ? "taken" : "role";
    this.#wished.lead = "";
    this.#readdress();
  }

  #readdress() {
    this.link.url = replayUrl(this.config, this.location, this.#wished);
  }
}
