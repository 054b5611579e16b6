// A screen that shows a replay and moves it: what the briefing and the take-away have in common.

import { PictureScreen } from "../picturescreen.mjs";
import { ReplayBand } from "./band.mjs";
import { Controls, nextSpeed } from "./controls.mjs";
import { DensityStrip } from "./density.mjs";
import { Dial, parseTyped } from "./dial.mjs";
import { commandOf } from "./keys.mjs";
import { markWords } from "./marks.mjs";
import { Tabs } from "./tabs.mjs";

const MINUTE_MS = 60_000;

export class ReplayScreen extends PictureScreen {
  dial = new Dial();

  constructor(of, symbols) {
    super(of, symbols);
    const { root, words } = this;
    this.band = new ReplayBand(words, (band) => root.querySelector(".middle").before(band));
  }

  /** Make what moves the replay. tabs: names of the pages beside the map. strip: more for the strip. more: buttons after the others. */
  control({ tabs, turned, strip, more }) {
    const { root, words } = this;
    this.tabs = new Tabs(root, words, tabs, turned);
    this.density = new DensityStrip(root.querySelector("#density"), {
      words,
      dial: this.dial,
      seek: (ms) => this.seek(ms),
      setLoop: (loop) => this.repeat(loop),
      goTo: (n) => this.goToChapter(n),
      labelOf: (mark) => markWords(mark, words),
      ...strip,
    });
    this.controls = new Controls(root.querySelector("#controls"), {
      words,
      run: (name) => this.run(name),
      setSpeed: (speed) => this.setSpeed(speed),
      goTo: (typed) => this.goTo(typed),
      more,
    });
    addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      const command = commandOf(event);
      if (command && this.run(command.name) !== false) event.preventDefault();
    });
  }

  show(now = this.station.moment()) {
    this.dial.look(now.tree);
    return super.show(now);
  }

  tick(now = this.station.moment()) {
    const isNewSecond = super.tick(now);
    const { replay, speed } = this.station;
    this.controls.show({ replay, speed, shownMs: now.instant.at ?? this.dial.shown(now.serverNow), rate: this.dial.rate });
    if (replay && now.tree) {
      this.density.show({ extent: [replay.fromMs, replay.toMs], at: now.serverNow, night: this.night(now.tree), loop: replay.loopMs, playing: replay.playing, known: replay.known });
    }
    return isNewSecond;
  }

  /** The stretch that is marked in the strip, [ms, ms] by our clock, or null. */
  night() {
    return null;
  }

  seek(ms) {
    this.station.seek(ms);
  }

  setSpeed(speed) {
    this.station.speed = speed;
  }

  repeat(loop) {
    this.station.repeat(loop);
  }

  know(as) {
    this.station.know(as);
  }

  /** Go to what was typed; false where it means nothing. */
  goTo(typed) {
    const ms = this.parse(typed);
    if (ms === null) return false;
    this.seek(ms);
    return true;
  }

  /** What was typed, by our clock; null where it means nothing. */
  parse(typed) {
    const ms = parseTyped(typed, this.dial.shown(this.station.time.now()), this.zones);
    return ms === null ? null : this.dial.ours(ms);
  }

  /** Commands of keys.mjs, by name. */
  commands() {
    const { station, density, tabs } = this;
    const { replay } = station;
    const shift = (ms) => this.seek(station.time.now() + ms / this.dial.rate);
    return {
      toggle: () => (replay?.playing ? station.pause() : station.play()),
      next: () => station.step(1),
      previous: () => station.step(-1),
      on: () => shift(MINUTE_MS),
      back: () => shift(-MINUTE_MS),
      faster: () => this.setSpeed(nextSpeed(station.speed, 1)),
      slower: () => this.setSpeed(nextSpeed(station.speed, -1)),
      reverse: () => station.turn(),
      type: () => this.controls.type(),
      begin: () => replay && this.seek(replay.loopMs?.[0] ?? replay.fromMs),
      end: () => replay && this.seek(replay.loopMs?.[1] ?? replay.toMs),
      loop: () => this.repeat(replay?.loop ? null : density.window),
      known: () => this.know(replay?.known === "now" ? "then" : "now"),
      figures: () => tabs.open("figures"),
      chapters: () => tabs.open("chapters"),
      wider: () => density.zoom(2),
      narrower: () => density.zoom(0.5),
      all: () => density.all(),
      close: () => document.activeElement?.blur(),
    };
  }

  /** Do what a command of keys.mjs names; false where there was nothing to do. */
  run(name) {
    const commands = this.commands();
    return Object.hasOwn(commands, name) ? commands[name]() : false;
  }
}
