// Starts the briefing: the wall's picture of any instant, what moves it, and the chapters that a night is told in.

import { mayAct, whoever } from "./access.mjs";
import { h } from "./build.mjs";
import { dateTimeGroup, zulu, zuluDay } from "./clock.mjs";
import { openHelp } from "./keyhelp.mjs";
import { worded } from "./language.mjs";
import { openedPage } from "./page.mjs";
import { readAddress, writeAddress } from "./replay/address.mjs";
import { Caption } from "./replay/caption.mjs";
import { ChaptersPage } from "./replay/chapters.mjs";
import { icon } from "./replay/controls.mjs";
import { Differences } from "./replay/differences.mjs";
import { BriefingFile, chapterAt } from "./replay/file.mjs";
import { GROUPS, KEYS } from "./replay/keys.mjs";
import { KnownSwitch } from "./replay/known.mjs";
import { LeadButton } from "./replay/lead.mjs";
import { markWords, viewOf } from "./replay/marks.mjs";
import { ReplayScreen } from "./replay/screen.mjs";
import { ReplayStation } from "./replay/station.mjs";
import { TakeAway } from "./replay/takeaway.mjs";
import { Said } from "./said.mjs";
import { expose } from "./screen.mjs";
import { ready } from "./station.mjs";

const TICK_MS = 100;
const ADDRESS_MS = 400;
const VIEW_MS = 100;
const DRAFTED = new Set(["first_alert", "scramble", "stand_down", "most_drones", "last_clear", "bookmark"]);

class Briefing extends ReplayScreen {
  #addressTimer = null;
  #loopFrom = null;

  constructor({ view, person, ...of }) {
    // The band has the room for the feeds that the head has not.
    const feeds = Object.assign(h("div", "feeds"), { id: "feeds", tabIndex: 0 });
    of.root.append(feeds);
    super(of);
    const { root, words, station } = this;
    this.mayAct = mayAct(person);
    this.said = new Said(root, words);
    this.known = new KnownSwitch(words, ["then", "now"], (as) => this.know(as));
    this.band.element.prepend(this.known.element);
    this.band.element.append(feeds);
    this.caption = new Caption(words, { element: root.querySelector("#caption") });
    this.leadButton = new LeadButton({
      station,
      words,
      say: (said) => this.said.say(said),
      changed: () => this.#changed(),
      mayLead: this.mayAct,
    });
    this.takeAway = new TakeAway({ words, say: (said) => this.said.say(said), wanted: () => this.#wanted() });
    this.known.element.after(this.leadButton.state);
    const link = this.#button("link", "briefing.link");
    const full = this.#button("fullscreen", "briefing.fullscreen", icon("full"));
    this.control({
      tabs: ["figures", "chapters", "differences"],
      turned: () => this.#changed(),
      strip: { epoch: view.epoch },
      more: [...(this.mayAct ? [this.#button("add", "briefing.bookmark")] : []), this.leadButton.button, link, this.takeAway.button, full],
    });
    this.epoch = view.epoch;
    this.file = new BriefingFile(station.config.theatre, (isText) => this.#fileChanged(isText));
    Object.assign(this.file, { known: view.known, epoch: view.epoch });
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
    if (view.tab) this.tabs.open(view.tab);
    if (view.loop) station.repeat(view.loop);
    if (view.briefing) this.#openFile(view);
    if (view.map) this.stage.map.goTo(...view.map);
    this.begin(TICK_MS).then(() => this.#beginMap());
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

  reword() {
    super.reword();
    this.density.again();
    this.chapters.draw();
  }

  show(now = this.station.moment()) {
    const changed = super.show(now);
    if (changed) this.differences.show();
    this.#changed();
    return changed;
  }

  tick(now = this.station.moment()) {
    const isNewSecond = super.tick(now);
    const { replay } = this.station;
    this.band.show(now, replay);
    this.known.show(replay?.known ?? "then");
    const led = this.leadButton.room;
    this.leadButton.show();
    if (led !== this.led) {
      this.led = led;
      this.#tellView();
      this.#changed();
    }
    if (replay && now.tree) this.#pass(replay, now.serverNow);
    return isNewSecond;
  }

  /** The operational night of the picture, by our clock. */
  night(tree) {
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
      window: () => this.density.stretch ?? [this.station.replay.fromMs, this.station.replay.toMs],
      parse: (typed) => this.parse(typed),
      say: (said) => this.said.say(said),
      share: () => this.said.copy(this.#fileLink()),
      changed: () => this.#changed(),
    };
  }

  goToChapter(n) {
    const chapter = this.file.chapters[n - 1];
    if (!chapter) return false;
    if (this.file.known !== this.station.replay?.known) this.know(this.file.known);
    this.seek(chapter.at);
    if (Array.isArray(chapter.view?.map) && chapter.view.map.every(Number.isFinite)) this.stage.map.goToSame(chapter.view.map, chapter.view.height);
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
      this.said.say(this.words.say("briefing.draft_none"));
      return;
    }
    for (const mark of marks.slice(0, 100)) this.file.add({ at: mark.atMs, title: markWords(mark, this.words), note: mark.note ?? "", view: viewOf(mark) });
  }

  async #openFile({ briefing, version, chapter, at }) {
    const said = await this.file.open(briefing, version);
    if (said) {
      this.said.say(this.words.say("briefing.not_opened", { why: said }));
      return;
    }
    if (this.file.epoch !== this.epoch) {
      // Another life of the store is another replay.
      const { epoch } = this.file;
      location.replace(`?${new URLSearchParams({ ...(epoch ? { epoch } : {}), b: briefing, ...(version ? { v: version } : {}), ...(chapter ? { c: chapter } : {}) })}`);
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
    const window = this.density.stretch ?? [this.station.replay.fromMs, this.station.replay.toMs];
    const { fromMs, toMs } = this.station.replay;
    const title = this.file.title || this.words.say("briefing.usual_title", { date: zuluDay(this.dial.shown(window[0])) });
    const inline = this.file.written([Math.max(window[0], fromMs), Math.min(window[1], toMs)], title);
    const said = (iso) => dateTimeGroup(this.dial.shown(Date.parse(iso)));
    const known = this.station.replay.known;
    return {
      from: inline.from,
      to: inline.to,
      known,
      epoch: this.epoch,
      title,
      shownFrom: said(inline.from),
      shownTo: said(inline.to),
      briefing: { title, from: inline.from, to: inline.to, known, chapters: inline.chapters.map(({ pause, ...chapter }) => chapter) },
    };
  }

  // What moves the replay.

  /** At the same instant; from then on what differs is marked. */
  know(as) {
    this.file.known = as;
    super.know(as);
    this.differences.begin();
  }

  setSpeed(speed) {
    super.setSpeed(speed);
    this.#changed();
  }

  repeat(loop) {
    this.#loopFrom = null;
    super.repeat(loop);
  }

  commands() {
    return {
      ...super.commands(),
      "loop-in": () => this.#loopEnd(true),
      "loop-out": () => this.#loopEnd(false),
      differences: () => (this.differences.begin(), this.tabs.open("differences")),
      fullscreen: () => this.#fullscreen(),
      "whole-map": () => this.#wholeMap(),
      "chapter-next": () => this.#turnChapter(1),
      "chapter-previous": () => this.#turnChapter(-1),
      add: () => this.#addChapter(),
      lead: () => this.leadButton.toggle(),
      take: () => this.takeAway.open(),
      link: () => (this.#writeAddress(), this.said.copy(location.href)),
      help: () => openHelp(this.words, (name) => this.words.say(`briefing.help.${name}`), { groups: GROUPS, keys: KEYS }),
    };
  }

  /** One end of the loop; the other is where it was, or comes next. */
  #loopEnd(isBegin) {
    const at = this.station.time.now();
    const loop = this.station.replay?.loopMs;
    const other = loop ? loop[isBegin ? 1 : 0] : this.#loopFrom;
    if (other !== null && other !== undefined && (isBegin ? at < other : at > other)) {
      this.repeat(isBegin ? [at, other] : [other, at]);
      return;
    }
    if (loop) this.station.repeat(null);
    this.#loopFrom = at;
    this.said.say(this.words.say(isBegin ? "briefing.loop_begun" : "briefing.loop_ends"));
  }

  #fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  // The map

  #beginMap() {
    const { map } = this.stage.map;
    map?.on("moveend", () => this.#changed());
    map?.on("move", () => {
      this.differences.moved();
      this.#tellView();
    });
  }

  /** The map as it is seen now, for a chapter and for those who follow. */
  #viewNow() {
    return { map: this.stage.map.chosen, height: this.stage.map.map ? this.stage.map.view().height : 0 };
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
    this.stage.map.whole();
    this.#changed();
    this.#tellView();
  }

  // The address

  get view() {
    const { replay } = this.station;
    return {
      at: replay ? this.station.time.now() : null,
      known: replay?.known ?? "then",
      speed: this.station.speed,
      loop: replay?.loopMs ?? null,
      map: this.stage.map.chosen,
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
}

const { config, wish } = openedPage();
const view = readAddress(location.search);
const { at, known, speed, loop, lead, epoch } = view;
const station = new ReplayStation(config, wish, { known, lead, epoch, speed: speed ?? 1, loop, ...(at === null ? {} : { at }) });
station.start();
const [spoken, person] = await Promise.all([ready(config, "briefing"), whoever()]);
expose("briefing", new Briefing({ ...spoken, station, view, person }));
