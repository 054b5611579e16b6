// Starts the wall: a view for each part of the screen.

import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView } from "./alerts.mjs";
import { Bells } from "./bells.mjs";
import { blink } from "./blink.mjs";
import { text } from "./build.mjs";
import { Card } from "./card.mjs";
import { pictureCards } from "./cards.mjs";
import { ClockView } from "./clocks.mjs";
import { CountersView } from "./counters.mjs";
import { FeedsView } from "./feeds.mjs";
import { asked, pageConfig } from "./page.mjs";
import { put } from "./put.mjs";
import { ReplayBand } from "./replay/band.mjs";
import { Caption } from "./replay/caption.mjs";
import { followMap, stationOf } from "./replay/follow.mjs";
import { Rotation, shiftAgainstBurnIn } from "./rotation.mjs";
import { ScramblesView } from "./scrambles.mjs";
import { selfTest } from "./selftest.mjs";
import { Stage } from "./stage.mjs";
import { StatementsView } from "./statements.mjs";
import { onNextFrame, ready } from "./station.mjs";
import { StatusView } from "./status.mjs";
import { StripView } from "./strip.mjs";
import { leadClaim } from "./tally.mjs";
import { ThreatsView } from "./threats.mjs";
import { TickerView } from "./ticker.mjs";
import { Watchdog, loadWhenNewer } from "./watchdog.mjs";

const TICK_MS = 200;

class Wall {
  #tree = null;
  ask = onNextFrame(() => this.show());

  constructor(root, { words, language }, station, wish) {
    Object.assign(this, { root, words, language, station });
    const [zone] = this.#views();
    this.statements = new StatementsView(root, words);
    this.strip = new StripView(root, words);
    this.card = new Card(root);
    this.stage = new Stage(root, { station, words, card: this.card });
    pictureCards(this);
    this.band = new ReplayBand(words, (band) => root.querySelector(".middle").prepend(band));
    this.caption = new Caption(words, { place: root.querySelector("#map-place") });
    followMap(station, this.stage, (view) => this.caption.show(view?.chapter ?? null, view?.chapter?.n, view?.chapter?.of));
    this.#kiosk(wish, zone);
    this.stage.start();
    station.onChange(this.ask);
    words.onChange(() => this.#reworded());
    setInterval(() => this.tick(), TICK_MS);
    this.ask();
  }

  /** The views that hold nothing but what they show last: made anew, they show it in the words as they are now. Returns the zones. */
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
    this.#views();
    this.stage.reword();
    this.card.hide();
    this.#tree = null;
    this.tell();
    this.ask();
  }

  show() {
    const now = this.station.moment();
    this.tick(now);
    const { tree, serverNow, instant } = now;
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
    this.strip.show(tree, instant.at);
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    put("picture", {
      data: JSON.stringify({
        theatre: tree.theatre,
        status: tree.status,
        kind: now.status.kind,
        position: this.station.picture.position,
      }),
    });
  }

  /** What changes with time alone. */
  tick(now = this.station.moment()) {
    const { tree, serverNow, instant, status } = now;
    const { station } = this;
    this.clocks.show(now);
    this.status.show(status, { ...now, title: tree?.clock?.title ?? "" });
    this.band.show(now, station.replay, station.room ? this.words.say("replay.following", { room: station.room }) : "");
    this.#ring(now);
    if (tree === null) return;
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    this.ticker.tick(performance.now());
    this.strip.show(tree, instant.at);
    if (this.advisories.show(tree.advisories, instant.at, tree.acks)) this.stage.overlay.ask();
    const second = Math.floor(serverNow / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counters.show(tree, serverNow, instant);
      this.stage.draw(instant.at);
    }
  }

  /** Bells ring for the present alone, also while a replay is followed. */
  #ring(now) {
    const { live } = this.station;
    const { tree, status } = live === this.station ? now : (live?.moment() ?? { tree: null });
    if (tree === null) return;
    // Of a picture that is not of now nothing is news but that.
    const lost = status.kind === "link-lost" || status.kind === "store-lost";
    if (this.bells.look(tree, { lost }).includes("scramble")) this.rotation.hold();
  }

  /** What a screen needs that nobody touches: bells, layouts in turn, and an eye on itself. */
  #kiosk(wish, zone) {
    const w = this.words;
    const { station, root } = this;
    const state = root.querySelector("#wall-state");
    const tell = () => {
      const { rotation, bells } = this;
      if (!rotation || !bells) return;
      const turn = { name: rotation.name, n: rotation.names.indexOf(rotation.name) + 1, of: rotation.names.length };
      const said = [
        rotation.unknown.length ? w.say("layout.unknown", { names: rotation.unknown.join(", ") }) : "",
        rotation.names.length > 1 ? w.say("layout.turn", turn) : "",
        w.say(`sound.${bells.state}`),
      ];
      text(state, said.filter(Boolean).join(" · "));
      state.dataset.sound = bells.state;
    };
    const hour = () => Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hour12: false, timeZone: zone?.zone }).format(station.time.now())) % 24;
    this.bells = new Bells(station.live ? wish : { ...wish, sound: "off" }, { hour, onState: tell });
    this.rotation = new Rotation(root, station.config.layouts, wish, tell);
    this.watchdog = new Watchdog({
      time: station.live?.time ?? { known: false },
      element: root.querySelector("#faults"),
      say: ({ key, ms }) => w.say(key, { age: w.age(ms) }),
    });
    if (wish.shift !== "off") shiftAgainstBurnIn(root);
    blink(root);
    this.tell = tell;
    tell();
    setInterval(tell, 60_000);
    addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
      if (ctrlKey || metaKey || altKey || target.closest?.("input, textarea, select")) return;
      if (key === "t") selfTest(root, { bells: this.bells, watchdog: this.watchdog, link: station.link, words: w });
      if (key === "m") this.bells.toggle();
      if (key === "l") this.language.next();
    });
    let idle = 0;
    const wake = () => {
      root.classList.remove("untouched");
      clearTimeout(idle);
      idle = setTimeout(() => root.classList.add("untouched"), 5000);
    };
    addEventListener("pointermove", wake);
    wake();
    station.onMessage(({ type }) => {
      if (type === "welcome") loadWhenNewer(station.config);
    });
  }
}

const config = pageConfig();
const wish = asked(location.search);
if (wish.scale) document.documentElement.style.setProperty("--scale", String(wish.scale));
const station = stationOf(config, wish);
station.start();
const { root, ...spoken } = await ready(config, "wall");
const wall = new Wall(root, spoken, station, wish);
// For tests and for whoever looks with the browser's tools: what is shown, not a way to change it.
globalThis.watchfloor = { station, picture: station.picture, link: station.link, wall, stage: wall.stage, moment: () => station.moment() };
