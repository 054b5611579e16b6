// Starts the briefing: the wall's picture of any instant, what moves it, and the chapters that a night is told in.

import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView } from "./alerts.mjs";
import { h, text } from "./build.mjs";
import { Card } from "./card.mjs";
import { person as whoLooks } from "./access.mjs";
import { ClockView } from "./clocks.mjs";
import { CountersView } from "./counters.mjs";
import { FeedsView } from "./feeds.mjs";
import { worded } from "./language.mjs";
import { asked, pageConfig } from "./page.mjs";
import { put } from "./put.mjs";
import { pictureCards } from "./cards.mjs";
import { dateTimeGroup, zulu, zuluDay } from "./clock.mjs";
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
import { Caption } from "./replay/caption.mjs";
import { ChaptersPage } from "./replay/chapters.mjs";
import { Controls, icon, nextSpeed } from "./replay/controls.mjs";
import { DensityStrip } from "./replay/density.mjs";
import { Dial, parseTyped } from "./replay/dial.mjs";
import { Differences } from "./replay/differences.mjs";
import { BriefingFile, chapterAt } from "./replay/file.mjs";
import { openHelp } from "./replay/help.mjs";
import { commandOf } from "./replay/keys.mjs";
import { KnownSwitch } from "./replay/known.mjs";
import { LeadButton } from "./replay/lead.mjs";
import { markWords, viewOf } from "./replay/marks.mjs";
import { ReplayStation } from "./replay/station.mjs";
import { Tabs } from "./replay/tabs.mjs";
import { TakeAway } from "./replay/takeaway.mjs";

const TICK_MS = 100;
const ADDRESS_MS = 400;
const SAID_MS = 6_000;
const MINUTE_MS = 60_000;
const VIEW_MS = 100;
const DRAFTED = new Set(["first_alert", "scramble", "stand_down", "most_drones", "last_clear", "bookmark"]);

class Briefing {
  #tree = null;
  #addressTimer = null;
  #loopFrom = null;
  ask = onNextFrame(() => this.show());

  constructor({ root, words, language, station, view, person }) {
    Object.assign(this, { root, words, language, station, person });
    this.dial = new Dial();
    this.band = new ReplayBand(words, (band) => root.querySelector(".middle").before(band));
    this.known = new KnownSwitch(words, (as) => this.know(as));
    this.band.element.prepend(this.known.element);
    this.band.element.append(Object.assign(h("div", "feeds"), { id: "feeds", tabIndex: 0 }));
    this.zones = this.#views();
    this.statements = new StatementsView(root, words);
    this.card = new Card(root);
    this.stage = new Stage(root, { station, words, card: this.card });
    pictureCards(this);
    this.tabs = new Tabs(root, words, ["figures", "chapters", "differences"], () => this.#changed());
    this.density = new DensityStrip(root.querySelector("#density"), {
      words,
      dial: this.dial,
      epoch: view.epoch,
      seek: (ms) => this.seek(ms),
      setLoop: (loop) => this.repeat(loop),
      goTo: (n) => this.goToChapter(n),
      labelOf: (mark) => markWords(mark, words),
    });
    this.caption = new Caption(words, { element: root.querySelector("#caption") });
    this.file = new BriefingFile(station.config.theatre, (isText) => this.#fileChanged(isText));
    this.chapters = new ChaptersPage(root.querySelector("#chapters-place"), this.file, this.#forChapters());
    this.differences = new Differences(root, {
      station,
      words,
      stage: this.stage,
      config: station.config,
      wish: {},
      epoch: view.epoch,
      count: (n) => this.tabs.count("differences", n),
    });
    this.leadButton = new LeadButton({
      station,
      words,
      say: (said) => this.say(said),
      changed: () => this.#changed(),
      mayLead: this.mayAct,
    });
    this.takeAway = new TakeAway({ words, say: (said) => this.say(said), wanted: () => this.#wanted() });
    this.known.element.after(this.leadButton.state);
    this.controls = new Controls(root.querySelector("#controls"), {
      words,
      run: (name) => this.run(name),
      setSpeed: (speed) => this.setSpeed(speed),
      goTo: (typed) => this.goTo(typed),
      more: [this.addButton(), this.leadButton.button, this.linkButton(), this.takeAway.button, this.fullButton()].filter(Boolean),
    });
    this.#keys();
    if (view.tab) this.tabs.open(view.tab);
    if (view.loop) station.repeat(view.loop);
    if (view.briefing) this.#openFile(view);
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

  #button(name, key, content) {
    const button = worded(this.words, h("button", "control", content ?? ""), key, content ? "label" : "word");
    if (content) worded(this.words, button, key, "hint");
    button.type = "button";
    button.id = `control-${name}`;
    button.addEventListener("click", (event) => {
      this.run(name);
      if (event.detail > 0) button.blur();
    });
    return button;
  }

  addButton() {
    return this.mayAct ? this.#button("add", "briefing.bookmark") : null;
  }

  linkButton() {
    return this.#button("link", "briefing.link");
  }

  fullButton() {
    return this.#button("fullscreen", "briefing.fullscreen", icon("full"));
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
    this.chapters.draw();
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
    this.differences.show();
    put("picture", { data: JSON.stringify({ theatre: tree.theatre, status: tree.status, kind: now.status.kind, at: this.station.replay?.at ?? "" }) });
  }

  /** What changes with time alone. */
  tick(now = this.station.moment()) {
    const { tree, serverNow, instant, status } = now;
    const { replay } = this.station;
    this.clocks.show(now);
    this.status.show(status, { ...now, title: tree?.clock?.title ?? "" });
    this.band.show(now, replay);
    this.controls.show({ replay, speed: this.station.speed, shownMs: instant.at ?? this.dial.shown(serverNow), rate: this.dial.rate });
    this.known.show(replay?.known ?? "then");
    const led = this.leadButton.room;
    this.leadButton.show();
    if (led !== this.led) {
      this.led = led;
      this.#tellView();
      this.#changed();
    }
    if (replay && tree) {
      this.density.show({ extent: [replay.fromMs, replay.toMs], at: serverNow, night: this.#night(tree), loop: replay.loopMs, playing: replay.playing });
      this.#pass(replay, serverNow);
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
    if (tree.status === "exercise") return this.dial.stretch;
    if (!tree.night) return null;
    return [Date.parse(tree.night.start), Date.parse(tree.night.end)];
  }

  // Chapters

  /** Where it is among the chapters; those that say so make it stand still. */
  #pass(replay, at) {
    const { chapters } = this.file;
    const before = this.passedAt;
    this.passedAt = at;
    if (replay.playing && !replay.reverse && before !== undefined && at > before) {
      const stop = chapters.find((chapter) => chapter.pause && chapter.at > before && chapter.at <= at);
      if (stop) {
        this.station.pause();
        this.seek(stop.at);
        this.passedAt = stop.at;
      }
    }
    const n = chapterAt(chapters, this.passedAt);
    this.density.showChapters(chapters, n);
    this.chapters.show(n);
    if (n === this.chapter && chapters[n - 1] === this.captioned) return;
    this.chapter = n;
    this.captioned = chapters[n - 1];
    this.caption.show(chapters[n - 1] ?? null, n, chapters.length);
    this.#tellView();
  }

  #fileChanged(isText) {
    if (isText === true) this.chapters?.update();
    else this.chapters?.draw();
    this.captioned = null;
    this.tabs.count("chapters", this.file.chapters.length);
    this.ask();
    this.#changed();
  }

  /** What the page of chapters acts on. */
  #forChapters() {
    return {
      words: this.words,
      dial: this.dial,
      mayEdit: this.mayAct,
      goTo: (n) => this.goToChapter(n),
      add: () => this.run("add"),
      draft: () => this.#draft(),
      now: () => Math.round(this.station.time.now()),
      viewNow: () => this.#viewNow(),
      window: () => this.density.window ?? [this.station.replay.fromMs, this.station.replay.toMs],
      parse: (typed) => this.#parse(typed),
      say: (said) => this.say(said),
      share: () => this.copy(this.#fileLink()),
      changed: () => this.#changed(),
    };
  }

  goToChapter(n) {
    const chapter = this.file.chapters[n - 1];
    if (!chapter) return false;
    this.seek(chapter.at);
    if (Array.isArray(chapter.view?.map)) this.#goToMap(chapter.view.map, chapter.view.height);
    else if (chapter.view && Object.hasOwn(chapter.view, "map")) this.#wholeMap();
    return true;
  }

  /** The chapter so many on, or back to the begin of the one that is on. */
  #turnChapter(by) {
    const at = this.station.time.now();
    const n = chapterAt(this.file.chapters, at);
    if (by > 0) return this.goToChapter(n + 1);
    const isAtBegin = n > 0 && at - this.file.chapters[n - 1].at < 1500;
    return this.goToChapter(isAtBegin ? n - 1 : n);
  }

  #addChapter() {
    if (!this.mayAct) return false;
    const at = Math.round(this.station.time.now());
    const n = this.file.add({ at, title: zulu(this.dial.shown(at)), view: this.#viewNow() });
    this.tabs.open("chapters");
    this.chapters.edit(n);
    return true;
  }

  /** Chapters of what is worth a mark in the stretch that is in sight. */
  #draft() {
    const marks = this.density.marks.filter(({ kind }) => DRAFTED.has(kind));
    if (!marks.length) {
      this.say(this.words.say("briefing.draft_none"));
      return;
    }
    for (const mark of marks.slice(0, 100)) this.file.add({ at: mark.atMs, title: markWords(mark, this.words), note: mark.note ?? "", view: viewOf(mark) });
  }

  async #openFile({ briefing, version, chapter, at }) {
    const said = await this.file.open(briefing, version);
    if (said) {
      this.say(this.words.say("briefing.not_opened", { why: said }));
      return;
    }
    this.tabs.open("chapters");
    if (at === null) this.goToChapter(chapter ?? 1);
  }

  #fileLink() {
    const { id, version, versions } = this.file.saved;
    const query = writeAddress({ at: null, briefing: id, version: version < versions ? version : null }, location.search);
    return `${location.origin}${location.pathname}${query}`;
  }

  /** What is exported: the briefing, or what is in sight. */
  #wanted() {
    const window = this.density.window ?? [this.station.replay.fromMs, this.station.replay.toMs];
    const { fromMs, toMs } = this.station.replay;
    const title = this.file.title || this.words.say("briefing.usual_title", { date: zuluDay(this.dial.shown(window[0])) });
    const inline = this.file.written([Math.max(window[0], fromMs), Math.min(window[1], toMs)], title);
    const said = (iso) => dateTimeGroup(this.dial.shown(Date.parse(iso)));
    const known = this.station.replay.known;
    return {
      from: inline.from,
      to: inline.to,
      known,
      title,
      shownFrom: said(inline.from),
      shownTo: said(inline.to),
      briefing: { title, from: inline.from, to: inline.to, known, chapters: inline.chapters.map(({ pause, ...chapter }) => chapter) },
    };
  }

  // What moves the replay.

  seek(ms) {
    this.station.seek(ms);
  }

  /** At the same instant; from then on what differs is marked. */
  know(as) {
    this.station.know(as);
    this.differences.begin();
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
    const ms = this.#parse(typed);
    if (ms === null) return false;
    this.seek(ms);
    return true;
  }

  /** What was typed, by our clock; null where it means nothing. */
  #parse(typed) {
    const ms = parseTyped(typed, this.dial.shown(this.station.time.now()), this.zones);
    return ms === null ? null : this.dial.ours(ms);
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
      differences: () => (this.differences.begin(), this.tabs.open("differences")),
      figures: () => this.tabs.open("figures"),
      chapters: () => this.tabs.open("chapters"),
      fullscreen: () => this.#fullscreen(),
      "whole-map": () => this.#wholeMap(),
      wider: () => this.density.zoom(2),
      narrower: () => this.density.zoom(0.5),
      all: () => this.density.all(),
      "chapter-next": () => this.#turnChapter(1),
      "chapter-previous": () => this.#turnChapter(-1),
      add: () => this.#addChapter(),
      lead: () => this.leadButton.toggle(),
      take: () => this.takeAway.open(),
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
    map.on("move", () => {
      this.differences.moved();
      this.#tellView();
    });
  }

  /** height: of the map that it was taken from, in pixels; a map of another height shows as much from top to bottom. */
  #goToMap([lon, lat, zoom], height = 0) {
    const { map } = this.stage.map;
    if (!map || ![lon, lat, zoom].every(Number.isFinite)) return;
    const scale = height > 0 ? Math.log2(this.stage.map.view().height / height) : 0;
    this.stage.map.goTo(lon, lat, zoom + scale);
  }

  /** The map as it is seen now, for a chapter and for those who follow. */
  #viewNow() {
    return { map: this.mapView, height: this.stage.map.map ? this.stage.map.view().height : 0 };
  }

  /** Whoever follows sees what is seen here. */
  #tellView() {
    this.viewTimer ??= setTimeout(() => {
      this.viewTimer = null;
      if (!this.leadButton.room) return;
      const { chapters } = this.file;
      const chapter = chapters[this.chapter - 1];
      const told = chapter ? { chapter: { n: this.chapter, of: chapters.length, title: chapter.title.slice(0, 200), note: chapter.note.slice(0, 800) } } : {};
      this.station.view({ ...this.#viewNow(), ...told });
    }, VIEW_MS);
  }

  #wholeMap() {
    this.stage.map.viewerMoved = false;
    if (this.stage.map.map) this.stage.map.frame();
    this.#changed();
    this.#tellView();
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
      briefing: this.file.saved.id,
      version: this.file.saved.version < this.file.saved.versions ? this.file.saved.version : null,
      chapter: this.file.saved.id ? this.chapter : null,
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
