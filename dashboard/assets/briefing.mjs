// Starts the briefing: the wall's picture of any instant, what moves it, and the chapters that a night is told in.

import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView } from "./alerts.mjs";
import { h, text } from "./build.mjs";
import { Card } from "./card.mjs";
import { person as whoLooks } from "./access.mjs";
import { ClockView } from "./clocks.mjs";
import { CountersView } from "./counters.mjs";
import { FeedsView } from "./feeds.mjs";
import { asked, pageConfig } from "./page.mjs";
import { put } from "./put.mjs";
import { pictureCards } from "./cards.mjs";
import { ScramblesView } from "./scrambles.mjs";
import { Stage } from "./stage.mjs";
import { StatementsView } from "./statements.mjs";
import { onNextFrame, ready } from "./station.mjs";
import { StatusView } from "./status.mjs";
import { leadClaim } from "./tally.mjs";
import { ThreatsView } from "./threats.mjs";
import { TickerView } from "./ticker.mjs";
import { readAddress, writeAddress } from "./replay/address.mjs";
import { ReplayBand } from "./replay/band.mjs";
import { Controls, nextSpeed } from "./replay/controls.mjs";
import { DensityStrip } from "./replay/density.mjs";
import { Dial, parseTyped } from "./replay/dial.mjs";
import { openHelp } from "./replay/help.mjs";
import { commandOf } from "./replay/keys.mjs";
import { KnownSwitch } from "./replay/known.mjs";
import { markWords } from "./replay/marks.mjs";
import { ReplayStation } from "./replay/station.mjs";
import { Tabs } from "./replay/tabs.mjs";

const TICK_MS = 100;
const ADDRESS_MS = 400;
const SAID_MS = 6_000;
const MINUTE_MS = 60_000;

class Briefing {
  #tree = null;
  #addressTimer = null;
  #loopFrom = null;
  ask = onNextFrame(() => this.show());

  constructor({ root, words, language, station, view, person }) {
    Object.assign(this, { root, words, language, station, person });
    this.dial = new Dial();
    this.zones = this.#views();
    this.statements = new StatementsView(root, words);
    this.card = new Card(root);
    this.stage = new Stage(root, { station, words, card: this.card });
    this.band = new ReplayBand(words, root.querySelector(".middle"));
    pictureCards(this);
    this.known = new KnownSwitch(words, (as) => this.know(as));
    this.band.element.prepend(this.known.element);
    this.tabs = new Tabs(root, words, ["figures", "chapters", "differences"], () => this.#changed());
    this.density = new DensityStrip(root.querySelector("#density"), {
      words,
      dial: this.dial,
      epoch: view.epoch,
      seek: (ms) => this.seek(ms),
      setLoop: (loop) => this.repeat(loop),
      goTo: () => {},
      labelOf: (mark) => markWords(mark, words),
    });
    this.controls = new Controls(root.querySelector("#controls"), {
      words,
      run: (name) => this.run(name),
      setSpeed: (speed) => this.setSpeed(speed),
      goTo: (typed) => this.goTo(typed),
    });
    this.#keys();
    if (view.tab) this.tabs.open(view.tab);
    if (view.loop) station.repeat(view.loop);
    this.stage.start().then(() => this.#beginMap(view.map));
    station.onChange(this.ask);
    words.onChange(() => this.#reworded());
    setInterval(() => this.tick(), TICK_MS);
    this.ask();
  }

  /** Whether this person may write: bookmarks, briefings, and leading others. */
  get mayAct() {
    return this.person.role === "operator" || this.person.role === "admin";
  }

  /** The views that hold nothing but what they show last: made anew, they show it in the words as they are now. */
  #views() {
    const { root, words, station } = this;
    const zones = Object.values(words.atlas.countries)
      .slice(0, 2)
      .map(({ zone }) => ({ zone, name: words.zone(zone) }));
    this.status = new StatusView(root, words);
    this.clocks = new ClockView(root, words, zones);
    this.feeds = new FeedsView(root, words);
    this.counters = new CountersView(root, words, zones);
    this.scrambles = new ScramblesView(root, words);
    this.threats = new ThreatsView(root, words, `${station.config.assets}/symbols`);
    this.alerts = new AlertsView(root, words);
    this.advisories = new AdvisoriesView(root, words);
    this.ticker = new TickerView(root, words);
    text(root.querySelector("#theatre-title"), words.atlas.title);
    return zones;
  }

  #reworded() {
    this.zones = this.#views();
    this.stage.reword();
    this.card.hide();
    this.density.again();
    this.#tree = null;
    this.ask();
  }

  show() {
    const now = this.station.moment();
    const { tree, serverNow, instant } = now;
    this.dial.look(tree);
    this.tick(now);
    if (tree === null) return;
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
    if (changed("claims", "tally", "scrambles", "threats")) this.statements.fit();
    this.ticker.show(tree.ticker, performance.now());
    put("picture", { data: JSON.stringify({ theatre: tree.theatre, status: tree.status, kind: now.status.kind, at: this.station.replay?.at ?? "" }) });
  }

  /** What changes with time alone. */
  tick(now = this.station.moment()) {
    const { tree, serverNow, instant, status } = now;
    const { replay } = this.station;
    this.clocks.show(now);
    this.status.show(status, { ...now, title: tree?.clock?.title ?? "" });
    this.band.show(now, replay);
    this.controls.show({ replay, speed: this.station.speed, shownMs: tree === null ? null : this.dial.shown(serverNow), rate: this.dial.rate });
    this.known.show(replay?.known ?? "then");
    if (replay && tree) {
      this.density.show({ extent: [replay.fromMs, replay.toMs], at: serverNow, night: this.#night(tree), loop: replay.loopMs, playing: replay.playing });
    }
    if (tree === null) return;
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    this.ticker.tick(performance.now());
    if (this.advisories.show(tree.advisories, instant.at)) this.stage.overlay.ask();
    const second = Math.floor(serverNow / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counters.show(tree, serverNow, instant);
      this.stage.draw(instant.at);
      this.#changed();
    }
  }

  /** The operational night of the picture, by our clock. */
  #night(tree) {
    if (!tree.night || this.dial.isExercise) return null;
    return [Date.parse(tree.night.start), Date.parse(tree.night.end)];
  }

  // What moves the replay.

  seek(ms) {
    this.station.seek(ms);
  }

  know(as) {
    this.station.know(as);
  }

  setSpeed(speed) {
    this.station.speed = speed;
    this.#changed();
  }

  repeat(loop) {
    this.#loopFrom = null;
    this.station.repeat(loop);
  }

  /** Go to what was typed; false where it means nothing. */
  goTo(typed) {
    const shown = this.dial.shown(this.station.time.now());
    const ms = parseTyped(typed, shown, this.zones);
    if (ms === null) return false;
    this.seek(this.dial.ours(ms));
    return true;
  }

  #shift(ms) {
    this.seek(this.station.time.now() + ms / this.dial.rate);
  }

  /** Do what a command of keys.mjs names; false where there was nothing to do. */
  run(name) {
    const { station } = this;
    const { replay } = station;
    const at = station.time.now();
    const commands = {
      toggle: () => (replay?.playing ? station.pause() : station.play()),
      next: () => station.step(1),
      previous: () => station.step(-1),
      on: () => this.#shift(MINUTE_MS),
      back: () => this.#shift(-MINUTE_MS),
      faster: () => this.setSpeed(nextSpeed(station.speed, 1)),
      slower: () => this.setSpeed(nextSpeed(station.speed, -1)),
      reverse: () => station.turn(),
      type: () => this.controls.type(),
      begin: () => replay && this.seek(replay.loopMs?.[0] ?? replay.fromMs),
      end: () => replay && this.seek(replay.loopMs?.[1] ?? replay.toMs),
      "loop-in": () => this.#loopEnd(at, true),
      "loop-out": () => this.#loopEnd(at, false),
      loop: () => this.repeat(replay?.loop ? null : this.density.window),
      known: () => this.know(replay?.known === "now" ? "then" : "now"),
      differences: () => this.tabs.open("differences"),
      figures: () => this.tabs.open("figures"),
      chapters: () => this.tabs.open("chapters"),
      fullscreen: () => this.#fullscreen(),
      "whole-map": () => this.#wholeMap(),
      wider: () => this.density.zoom(2),
      narrower: () => this.density.zoom(0.5),
      all: () => this.density.all(),
      link: () => (this.#writeAddress(), this.copy(location.href)),
      help: () => openHelp(this.words),
      close: () => document.activeElement?.blur(),
    };
    return Object.hasOwn(commands, name) ? commands[name]() : false;
  }

  /** One end of the loop; the other is where it was, or comes next. */
  #loopEnd(at, isBegin) {
    const loop = this.station.replay?.loopMs;
    const other = loop ? loop[isBegin ? 1 : 0] : this.#loopFrom;
    if (other !== null && other !== undefined && (isBegin ? at < other : at > other)) {
      this.repeat(isBegin ? [at, other] : [other, at]);
      return;
    }
    if (loop) this.station.repeat(null);
    this.#loopFrom = at;
    this.say(this.words.say(isBegin ? "briefing.loop_begun" : "briefing.loop_ends"));
  }

  #fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  // The map

  #beginMap(view) {
    const { map } = this.stage.map;
    if (!map) return;
    if (view) this.#goToMap(view);
    map.on("moveend", () => this.#changed());
  }

  #goToMap([lon, lat, zoom]) {
    const { map } = this.stage.map;
    if (!map) return;
    this.stage.map.viewerMoved = true;
    map.jumpTo({ center: [lon, lat], zoom });
  }

  #wholeMap() {
    this.stage.map.viewerMoved = false;
    if (this.stage.map.map) this.stage.map.frame();
    this.#changed();
  }

  /** [lon, lat, zoom] where somebody chose it, else null. */
  get mapView() {
    if (!this.stage.map.viewerMoved || !this.stage.map.map) return null;
    const { lon, lat, zoom } = this.stage.map.view();
    return [lon, lat, zoom];
  }

  // The address

  get view() {
    const { replay } = this.station;
    return {
      at: replay ? this.station.time.now() : null,
      known: replay?.known ?? "then",
      speed: this.station.speed,
      loop: replay?.loopMs ?? null,
      map: this.mapView,
      lead: this.station.room,
      tab: this.tabs.name === "figures" ? "" : this.tabs.name,
    };
  }

  #changed() {
    this.#addressTimer ??= setTimeout(() => this.#writeAddress(), ADDRESS_MS);
  }

  #writeAddress() {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = null;
    if (!this.station.replay) return;
    const query = writeAddress(this.view, location.search);
    if (query !== location.search) history.replaceState(history.state, "", `${location.pathname}${query}`);
  }

  /** Say something to the person, for a while, out loud for a screen reader. */
  say(words) {
    const place = this.root.querySelector("#said");
    text(place, words);
    clearTimeout(this.saidTimer);
    this.saidTimer = setTimeout(() => text(place, ""), SAID_MS);
  }

  async copy(what) {
    try {
      await navigator.clipboard.writeText(what);
      this.say(this.words.say("desk.copied"));
    } catch {
      this.say(this.words.say("desk.not_copied"));
    }
  }

  #keys() {
    addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      const command = commandOf(event);
      if (command && this.run(command.name) !== false) event.preventDefault();
    });
  }
}

const config = pageConfig();
const wish = asked(location.search);
if (wish.scale) document.documentElement.style.setProperty("--scale", String(wish.scale));
const view = readAddress(location.search);
const { at, known, speed, loop, lead, epoch } = view;
const station = new ReplayStation(config, wish, { known, lead, epoch, speed: speed ?? 1, loop, ...(at === null ? {} : { at }) });
station.start();
// Without a ticket nobody is known, and the screen shows that it has no link.
const nobody = new Promise((resolve) => setTimeout(resolve, 3_000, { name: "", role: "viewer", open: false }));
const [spoken, person] = await Promise.all([ready(config, "briefing"), Promise.race([whoLooks, nobody])]);
const briefing = new Briefing({ ...spoken, station, view, person });
// For tests and for whoever looks with the browser's tools: what is shown, not a way to change it.
globalThis.watchfloor = { station, picture: station.picture, link: station.link, briefing, stage: briefing.stage, moment: () => station.moment() };
