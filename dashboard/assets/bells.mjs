// The wall's bells: what rings is what is new since the last look, across reloads too; how it sounds is made here, of plain tones.

const KEPT_UNDER = "watchfloor-bells";
/** A page that is back within this time goes on from what it knew; a later one takes what it finds as known. */
const AWAY_MS = 300_000;
const KEEP_EVERY_MS = 5000;
/** Of one kind at most one ring in this time. */
const PAUSE_MS = 10_000;

/** Each bell: tones of [hertz, begins at, lasts], in seconds. */
const TONES = {
  scramble: [
    [660, 0, 0.22],
    [880, 0.25, 0.22],
    [660, 0.5, 0.22],
    [880, 0.75, 0.4],
  ],
  clear: [
    [784, 0, 0.35],
    [523, 0.4, 0.7],
  ],
  lost: [
    [220, 0, 0.3],
    [220, 0.45, 0.3],
    [165, 0.9, 0.6],
  ],
};
export const BELLS = Object.keys(TONES);

/** What of a picture a bell could ring for. watch: regions whose all-clear counts; none: all of them together. */
function heardIn(tree, watch = []) {
  const regions = Object.entries(tree.regions ?? {}).filter(([, region]) => region.alerting === true);
  return {
    scramble: Object.entries(tree.scrambles ?? {})
      .filter(([, scramble]) => scramble.state === "start")
      .map(([key]) => key),
    alert: watch.length ? regions.map(([key]) => key).filter((key) => watch.includes(key)) : regions.length ? ["any"] : [],
    lost: Object.entries(tree.feeds ?? {})
      .filter(([, feed]) => feed.state === "dead")
      .map(([name]) => name),
  };
}

/** Which bells ring for the step from one such reading to the next. */
export function ringing(before, now) {
  const isNew = (kind) => now[kind].some((key) => !before[kind].includes(key));
  return [
    ...(isNew("scramble") ? ["scramble"] : []),
    ...(before.alert.some((key) => !now.alert.includes(key)) ? ["clear"] : []),
    ...(isNew("lost") ? ["lost"] : []),
  ];
}

/** Whether it is muted at an hour. mute: { from, to } or nothing. */
export const isMuted = (mute, hour) =>
  Boolean(mute) && (mute.from < mute.to ? hour >= mute.from && hour < mute.to : hour >= mute.from || hour < mute.to);

export class Bells {
  #before = null;
  #rang = {};
  #keptAt = -Infinity;
  #context = null;

  /** wish: of page.mjs. hour: of the floor's own time zone. onState: called when `state` may be another. */
  constructor(wish, { hour, onState, storage = localStorage }) {
    this.wish = wish;
    this.hour = hour;
    this.onState = onState;
    this.storage = storage;
    this.byHand = false;
    if (wish.sound === "off") return;
    this.#context = new AudioContext();
    this.#context.onstatechange = onState;
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => this.#context.resume());
  }

  /** on, off, muted or blocked: the browser lets no sound out before somebody has touched the page. */
  get state() {
    if (!this.#context) return "off";
    if (this.byHand || isMuted(this.wish.mute, this.hour())) return "muted";
    return this.#context.state === "running" ? "on" : "blocked";
  }

  toggle() {
    this.byHand = !this.byHand;
    this.onState();
  }

  /** Look at a picture, and ring for what is new. Returns what rang or would have rung. */
  look(tree, { lost = false } = {}) {
    const now = heardIn(tree, this.wish.watch);
    if (lost) now.lost.push("");
    this.#before ??= this.#remembered() ?? now;
    const due = ringing(this.#before, now).filter((bell) => performance.now() - (this.#rang[bell] ?? -Infinity) > PAUSE_MS);
    this.#before = now;
    for (const bell of due) this.ring(bell);
    const at = performance.now();
    if (due.length || at - this.#keptAt > KEEP_EVERY_MS) {
      this.#keptAt = at;
      this.#remember(now);
    }
    return due;
  }

  ring(bell) {
    this.#rang[bell] = performance.now();
    if (this.state !== "on") return;
    const context = this.#context;
    for (const [hertz, begins, lasts] of TONES[bell]) {
      const tone = new OscillatorNode(context, { frequency: hertz, type: "triangle" });
      const volume = new GainNode(context, { gain: 0 });
      const at = context.currentTime + begins;
      // Without a slope at both ends a tone begins and ends with a crack.
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.5, at + 0.02);
      volume.gain.setValueAtTime(0.5, at + lasts - 0.05);
      volume.gain.linearRampToValueAtTime(0, at + lasts);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + lasts);
    }
  }

  #remember(now) {
    try {
      this.storage.setItem(KEPT_UNDER, JSON.stringify({ at: Date.now(), now }));
    } catch {
      // A browser that keeps nothing only forgets what rang before a reload.
    }
  }

  #remembered() {
    try {
      const { at, now } = JSON.parse(this.storage.getItem(KEPT_UNDER) ?? "{}");
      const known = ["scramble", "alert", "lost"].every((kind) => Array.isArray(now?.[kind]));
      return known && Math.abs(Date.now() - at) < AWAY_MS ? now : null;
    } catch {
      return null;
    }
  }
}
