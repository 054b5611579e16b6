// Starts the wall: one link, one picture, and a view for each part of the screen.

import { askTicket } from "./access.mjs";
import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView, byRegion, elsewhere, regionCard } from "./alerts.mjs";
import { text } from "./build.mjs";
import { Card, sourceCard } from "./card.mjs";
import { ClockView } from "./clocks.mjs";
import { shownInstant } from "./clock.mjs";
import { CountersView } from "./counters.mjs";
import { FeedsView } from "./feeds.mjs";
import { obstacle } from "./glmap.mjs";
import { h } from "./build.mjs";
import { Link } from "./link.mjs";
import { lineOf } from "./lines.mjs";
import { MapView } from "./map.mjs";
import { Overlay } from "./overlay.mjs";
import { asked, gatewayUrl, pageConfig } from "./page.mjs";
import { Picture } from "./picture.mjs";
import { put } from "./put.mjs";
import { measures } from "./records.mjs";
import { closures, regionLabels, scrambles, strikes, threats, towns } from "./scene.mjs";
import { ScramblesView, linkNotes } from "./scrambles.mjs";
import { ServerTime } from "./servertime.mjs";
import { loadSymbols } from "./sprites.mjs";
import { StatementsView } from "./statements.mjs";
import { StatusView, statusOf } from "./status.mjs";
import { StripView } from "./strip.mjs";
import { counters, leadClaim } from "./tally.mjs";
import { ThreatsView } from "./threats.mjs";
import { TickerView } from "./ticker.mjs";
import { Words } from "./words.mjs";

const TICK_MS = 200;

const config = pageConfig();
const wish = asked(location.search);
if (wish.scale) document.documentElement.style.setProperty("--scale", String(wish.scale));

const time = new ServerTime();
const picture = new Picture();
const store = { state: "ok", lostAtMs: null };
const startedAtMs = Date.now();
let wall = null;

const link = new Link(gatewayUrl(config, config.theatre, location), {
  position: () => picture.position,
  frame(message) {
    if (message.server_time) time.heard(message.server_time);
    if (message.type === "snapshot") picture.load(message.picture, message.position);
    else if (message.type === "delta") picture.apply(message.patch, message.position);
    if (message.type === "heartbeat") {
      store.state = message.store === "lost" ? "lost" : "ok";
      store.lostAtMs = message.store_lost_at ? Date.parse(message.store_lost_at) : (store.lostAtMs ?? time.now());
      if (store.state === "ok") store.lostAtMs = null;
    }
    wall?.ask();
  },
  state: () => wall?.ask(),
  ticket: askTicket,
});
/** A theatre that was asked for and is not this server's: then nothing is shown, least of all another theatre. */
const foreign = wish.theatre && wish.theatre !== config.theatre ? wish.theatre : "";
if (!foreign) link.start();

/** What a moment looks like to every view. */
function moment() {
  const serverNow = time.now();
  const lostAtMs = link.lostAt === null ? serverNow : serverNow - (link.monotonic() - link.lostAt);
  // With the link or the store lost nobody knows how things go on: clocks and timers stand where they were.
  const knownMs = link.state !== "up" ? lostAtMs : store.state === "lost" ? (store.lostAtMs ?? serverNow) : serverNow;
  const instant = shownInstant(picture.tree, picture.tree === null ? serverNow : knownMs);
  const ties = { ...pickLink(link), lostAtMs, startedAtMs, foreign };
  const status = statusOf({ link: ties, store, tree: picture.tree, instant });
  return { tree: picture.tree, serverNow, instant, link: ties, status };
}

const pickLink = ({ state, attempt, closeCode, closeReason }) => ({ state, attempt, closeCode, closeReason });

class Wall {
  #asked = false;
  #tree = null;

  constructor(root, words) {
    this.words = words;
    const zones = Object.values(words.atlas.countries)
      .slice(0, 2)
      .map(({ zone }) => ({ zone, name: words.zone(zone) }));
    this.status = new StatusView(root, words);
    this.clocks = new ClockView(root, words, zones);
    this.feeds = new FeedsView(root, words);
    this.counters = new CountersView(root, words, zones);
    this.scrambles = new ScramblesView(root, words);
    this.threats = new ThreatsView(root, words, `${config.assets}/symbols`);
    this.alerts = new AlertsView(root, words);
    this.advisories = new AdvisoriesView(root, words);
    this.statements = new StatementsView(root, words);
    this.strip = new StripView(root, words);
    this.ticker = new TickerView(root, words);
    this.note = root.querySelector("#map-note");
    this.place = root.querySelector("#map-place");
    this.map = new MapView(this.place, words.atlas, () => this.overlay.ask());
    this.overlay = new Overlay(root.querySelector("#overlay-place"), () => (this.map.map ? this.map.view() : null));
    this.towns = towns(words.atlas);
    this.#cards(root);
    this.#startMap();
    setInterval(() => this.tick(), TICK_MS);
    this.ask();
  }

  /** Show the picture with the next frame; a hidden page has no frames, so then soon. */
  ask() {
    if (this.#asked) return;
    this.#asked = true;
    const show = () => {
      this.#asked = false;
      this.show();
    };
    if (document.visibilityState === "hidden") setTimeout(show, 250);
    else requestAnimationFrame(show);
  }

  show() {
    const now = moment();
    this.tick(now);
    const { tree, serverNow, instant } = now;
    if (tree === null) return;
    const before = this.#tree;
    this.#tree = tree;
    const changed = (...keys) => before === null || keys.some((key) => before[key] !== tree[key]);
    if (changed("feeds")) this.feeds.show(tree.feeds);
    if (changed("alerts", "regions", "alerting")) {
      this.byRegion = byRegion(tree, this.words.atlas.regions);
      this.elsewhere = elsewhere(tree, this.words.atlas.regions);
      this.alerts.show(tree, this.byRegion);
      this.map.show(this.byRegion);
    }
    if (changed("claims", "tally", "records", "feeds", "night")) this.counters.show(tree, serverNow, instant);
    this.scrambles.show(tree);
    this.statements.show(tree.statements);
    this.threats.show(tree.threats, leadClaim(tree) !== null);
    if (changed("claims", "tally", "scrambles", "threats")) this.statements.fit();
    this.ticker.show(tree.ticker, performance.now());
    this.strip.show(tree, instant.at);
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    if (changed("alerts", "regions", "threats", "scrambles", "strikes", "restrictions", "feeds")) this.#scene(instant.at);
    put("picture", {
      data: JSON.stringify({ theatre: tree.theatre, status: tree.status, kind: now.status.kind, position: picture.position }),
    });
  }

  /** What changes with time alone. */
  tick(now = moment()) {
    const { tree, serverNow, instant, status } = now;
    this.clocks.show(now);
    this.status.show(status, { ...now, store, title: tree?.clock?.title ?? "" });
    if (tree === null) return;
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    this.ticker.tick(performance.now());
    this.strip.show(tree, instant.at);
    if (this.advisories.show(tree.advisories, instant.at)) this.overlay.ask();
    const second = Math.floor(serverNow / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counters.show(tree, serverNow, instant);
      this.#scene(instant.at);
    }
  }

  #scene(at) {
    const tree = this.#tree;
    if (!tree) return;
    const w = this.words;
    const { placed, unplaced } = threats(tree, w, at);
    this.overlay.show({
      threats: placed,
      unplaced,
      elsewhere: this.elsewhere ?? [],
      scrambles: scrambles(tree, w, at),
      closures: closures(tree, w),
      strikes: strikes(tree, w),
      regions: regionLabels(this.byRegion ?? {}, w, at),
      towns: this.towns,
      countries: Object.values(w.atlas.countries),
      words: w,
    });
  }

  async #startMap() {
    const w = this.words;
    if (obstacle()) {
      this.#noMap(w.say("map.none"));
      return;
    }
    try {
      await this.map.start();
      if (this.byRegion) this.map.show(this.byRegion);
      this.overlay.ask();
    } catch (error) {
      this.#noMap(w.say("map.broken", { reason: error.message }));
    }
  }

  #noMap(message) {
    text(this.note, message);
    document.documentElement.dataset.map = "none";
  }

  #cards(root) {
    const w = this.words;
    this.card = new Card(root);
    const inside = (heading, witnesses, quote, notes) => {
      const { tree, serverNow, instant } = moment();
      return sourceCard({ heading, witnesses, quote, notes, tree, words: w, serverNow, instant });
    };
    this.card.of(".figure", (element) => {
      const { tree } = this.map && moment();
      const counter = tree && counters(tree, w).find(({ name }) => name === element.id);
      if (!counter) return null;
      const claim = leadClaim(tree)?.claim;
      const number = [counter.hedge, counter.number].filter(Boolean).join(" ");
      const quotes = claim?.quotes ?? {};
      const stated = counter.state !== "absent";
      const quote = stated && Object.hasOwn(quotes, counter.figure) ? quotes[counter.figure] : undefined;
      const notes = [counter.record && w.say("card.record", counter.record), ...measures(counter.name, tree, w)];
      return inside(`${counter.label}: ${stated ? number : w.say("count.absent_title")}`, stated ? Object.values(claim.witnesses ?? {}) : [], quote, notes);
    });
    this.card.of("[data-scramble]", (element) => {
      const { tree } = moment();
      const scramble = tree?.scrambles?.[element.dataset.scramble];
      if (!scramble) return null;
      const [quote] = Object.values(scramble.quotes ?? {});
      return inside(w.country(scramble.country), Object.values(scramble.witnesses ?? {}), quote, [scramble.cause, ...linkNotes(scramble, tree, w)]);
    });
    this.card.of("[data-tick]", (element) => {
      const tick = moment().tree?.ticker?.[element.dataset.tick];
      if (!tick) return null;
      const { subject, what } = lineOf(tick, w);
      return inside(`${subject} · ${what}`, [tick.source], undefined, [tick.source.title]);
    });
    this.card.of("#alerts-list", () => {
      const { tree } = moment();
      return tree && this.alerts.cardNodes(tree, this.byRegion ?? {});
    });
    this.card.of("[data-advisory]", (element) => {
      const { tree } = moment();
      return tree && this.advisories.cardNodes(element.dataset.advisory, tree);
    });
    this.card.of("#feeds", () => {
      const { tree, serverNow } = moment();
      return tree && this.feeds.cardLines(tree.feeds, serverNow).map((line) => h("div", "", line));
    });
    this.place.addEventListener("pointermove", (event) => {
      // What stands over the map and has a card of its own.
      if (event.target.closest?.("[data-advisory]")) this.pointed = null;
      else this.#point(event.buttons ? null : this.#hit(event), inside);
    });
    this.place.addEventListener("pointerleave", () => this.#point(null, inside));
  }

  /** What of the map is under the pointer: a symbol, else a region under alert: { key, item | region, box }, or null. */
  #hit({ clientX, clientY }) {
    const hit = this.overlay.at(clientX, clientY);
    if (hit) return { key: hit.item.key, ...hit };
    const region = this.map.regionAt(clientX, clientY);
    if (region === null || !Object.hasOwn(this.byRegion ?? {}, region)) return null;
    return { key: region, region, box: new DOMRect(clientX, clientY, 0, 0) };
  }

  #point(hit, inside) {
    if (!hit) {
      if (this.pointed) this.card.hide();
      this.pointed = null;
      return;
    }
    if (this.pointed === hit.key) return;
    this.pointed = hit.key;
    const w = this.words;
    if (hit.region) {
      this.card.at(regionCard(hit.region, this.byRegion, w, moment().instant.at), hit.box);
      return;
    }
    const { view, ...item } = hit.item;
    const witnesses = Object.values(view?.witnesses ?? item.witnesses ?? {});
    if (!witnesses.length && view?.source) witnesses.push(view.source);
    const notes = [item.approximate && item.kind === "threat" ? w.say("map.approximate") : "", item.sub];
    if (item.kind === "threat" && witnesses.length > 1) notes.push(w.say("threats.joined", { n: witnesses.length }));
    if (item.kind === "scramble") notes.push(...linkNotes(view, this.#tree, w));
    this.card.at(inside(item.label || item.name, witnesses, Object.values(view?.quotes ?? {})[0], notes), hit.box);
  }
}

/** The layout comes from Dash, when Dash is ready. */
function whenLaidOut() {
  return new Promise((resolve) => {
    const look = () => {
      const root = document.getElementById("wall");
      if (root && globalThis.dash_clientside?.set_props) resolve(root);
      else setTimeout(look, 20);
    };
    look();
  });
}

const [atlas, root] = await Promise.all([
  fetch(config.atlas).then((response) => response.json()),
  whenLaidOut(),
  loadSymbols(`${config.assets}/symbols`, config.symbols),
]);
wall = new Wall(root, new Words(config.words, atlas));
// For tests and for whoever looks with the browser's tools: what is shown, not a way to change it.
globalThis.watchfloor = { picture, link, wall, moment };
