// A wall or a desk that follows a room: live, until somebody leads it; then their moment; then live again, by itself.

import { Station } from "../station.mjs";
import { isoMs } from "./address.mjs";
import { ReplayStation } from "./station.mjs";

/**
 * A station that is one of two: the live one, which stays connected, or the leader's replay while there is one. Whoever shows it
 * asks it as they ask any station.
 */
class FollowingStation {
  #changed = new Set();
  #was = null;

  constructor(config, wish, location = globalThis.location) {
    this.config = config;
    this.room = wish.follow;
    this.live = new Station(config, wish);
    this.replayed = new ReplayStation(config, wish, { follow: wish.follow }, location);
    for (const station of [this.live, this.replayed]) station.onChange(() => this.#look());
  }

  start() {
    this.live.start();
    this.replayed.start();
  }

  /** Whichever is to be shown now. */
  get shown() {
    const { link, idle, tree, foreign } = this.replayed;
    return link.state === "up" && !idle && tree !== null && !foreign ? this.replayed : this.live;
  }

  get isReplay() {
    return this.shown === this.replayed;
  }

  get replay() {
    return this.isReplay ? this.replayed.replay : null;
  }

  get tree() {
    return this.shown.tree;
  }

  get picture() {
    return this.shown.picture;
  }

  get time() {
    return this.live.time;
  }

  get link() {
    return this.live.link;
  }

  moment() {
    return this.shown.moment();
  }

  onChange(listener) {
    this.#changed.add(listener);
  }

  /** Of the live link: what the replay says is the replay's. */
  onMessage(listener) {
    this.live.onMessage(listener);
  }

  /** view(view): the leader's, as they send it. over(): live again. */
  onView(view, over) {
    this.replayed.onMessage((message) => message.type === "view" && view(message.view));
    this.#over = over;
  }

  #over = () => {};

  #look() {
    const isReplay = this.isReplay;
    if (this.#was === true && !isReplay) this.#over();
    this.#was = isReplay;
    for (const change of this.#changed) change();
  }
}

/** The station that an address asks for: of an instant (`replay=`), of a room (`follow=`), or live. */
export function stationOf(config, wish, search = location.search) {
  const params = new URLSearchParams(search);
  const at = isoMs(params.get("replay"));
  if (at !== null) return new ReplayStation(config, wish, { at, known: params.get("known") === "now" ? "now" : "then" });
  return wish.follow ? new FollowingStation(config, wish) : new Station(config, wish);
}

/** Let a stage's map go where the leader's is, and back to where it was when they are done. */
export function followMap(station, stage, more = () => {}) {
  let before = null;
  station.onView?.(
    (view) => {
      more(view);
      if (!stage.map.map || !view) return;
      before ??= { chosen: stage.map.chosen };
      if (Array.isArray(view.map) && view.map.every(Number.isFinite)) stage.map.goToSame(view.map, view.height);
      else stage.map.whole();
    },
    () => {
      more(null);
      if (!before) return;
      if (before.chosen) stage.map.goTo(...before.chosen);
      else stage.map.whole();
      before = null;
    },
  );
}
