// The map of a screen: the painted regions, the overlay on them, and what is under the pointer.

import { byRegion, elsewhere, regionCard } from "./alerts.mjs";
import { text } from "./build.mjs";
import { sourceCard } from "./card.mjs";
import { obstacle } from "./glmap.mjs";
import { MapView } from "./map.mjs";
import { Overlay } from "./overlay.mjs";
import { printable } from "./paper.mjs";
import { dip } from "./pen.mjs";
import { closures, links, markers, regionLabels, scrambles, strikes, threats, towns, tracks } from "./scene.mjs";
import { linkNotes } from "./scrambles.mjs";
import { onTheme } from "./theme.mjs";
import { trackCard } from "./trackcard.mjs";

export class Stage {
  byRegion = {};
  elsewhere = [];
  #tree = null;
  #obstacle = null;

  /** root: holds #map-place, #overlay-place and #map-note. station: whose picture. card: a Card, for what is pointed at. */
  constructor(root, { station, words, card }) {
    this.station = station;
    this.words = words;
    this.card = card;
    this.note = root.querySelector("#map-note");
    this.place = root.querySelector("#map-place");
    this.map = new MapView(this.place, words.atlas, () => this.overlay.ask());
    this.overlay = new Overlay(root.querySelector("#overlay-place"), () => (this.map.map ? this.map.view() : null));
    onTheme((theme) => {
      dip(theme);
      this.map.dress(theme);
      this.overlay.repaint();
    });
    printable(this);
    this.towns = towns(words.atlas);
    this.place.addEventListener("pointermove", (event) => {
      // What stands over the map and has a card of its own.
      if (event.target.closest?.("[data-advisory]")) this.pointed = null;
      else this.#point(event.buttons ? null : this.hit(event));
    });
    this.place.addEventListener("pointerleave", () => this.#point(null));
  }

  async start() {
    if (obstacle()) {
      this.#noMap("map.none");
      return;
    }
    try {
      await this.map.start();
      this.map.show(this.byRegion);
      this.overlay.ask();
    } catch (error) {
      this.#noMap("map.broken", { reason: error.message });
    }
  }

  /** Show a picture. changed: tells whether any of some members is another than before. */
  show(tree, at, changed) {
    this.#tree = tree;
    if (changed("alerts", "regions", "alerting")) {
      this.byRegion = byRegion(tree, this.words.atlas.regions);
      this.elsewhere = elsewhere(tree, this.words.atlas.regions);
      this.map.show(this.byRegion);
    }
    if (changed("alerts", "regions", "threats", "scrambles", "strikes", "restrictions", "markers", "acks", "feeds")) this.draw(at);
    else if (changed("tracks", "track_ages")) this.overlay.showTracks(this.#tracks());
    this.overlay.flush();
  }

  /** Draw what changes with time alone, too. */
  draw(at) {
    const tree = this.#tree;
    if (!tree) return;
    const w = this.words;
    const { placed, unplaced } = threats(tree, w, at);
    this.overlay.show({
      threats: placed,
      unplaced,
      elsewhere: this.elsewhere,
      scrambles: scrambles(tree, w, at),
      closures: closures(tree, w),
      strikes: strikes(tree, w),
      links: links(tree, w),
      markers: markers(tree, w),
      tracks: this.#tracks(),
      regions: regionLabels(this.byRegion, w, at),
      towns: this.towns,
      countries: Object.values(w.atlas.countries),
      words: w,
    });
    this.#explain();
  }

  /** The legend explains what now and then is there only while it is: the map has the room otherwise. */
  #explain() {
    const { links: tied, markers: marked, tracks: seen } = this.overlay.scene;
    const isThere = { link: tied.length > 0, marker: marked.length > 0, track: Object.keys(seen.byKey).length > 0 };
    for (const [kind, is] of Object.entries(isThere)) {
      const row = document.querySelector(`#legend .swatch-${kind}`)?.parentElement;
      if (!row || row.hidden === !is) continue;
      row.hidden = !is;
      this.overlay.ask();
    }
  }

  #tracks() {
    return tracks(this.#tree, this.station.moment().serverNow);
  }

  /** What of the map is under the pointer: a symbol, else a region under alert: { key, item | region, box }, or null. */
  hit({ clientX, clientY }) {
    const hit = this.overlay.at(clientX, clientY);
    if (hit) return { key: hit.item.key, ...hit };
    const region = this.map.regionAt(clientX, clientY);
    if (region === null || !Object.hasOwn(this.byRegion, region)) return null;
    return { key: region, region, box: new DOMRect(clientX, clientY, 0, 0) };
  }

  /** The words are of another language: so are the names on the map. */
  reword() {
    this.towns = towns(this.words.atlas);
    this.pointed = null;
    if (this.#obstacle) this.#noMap(...this.#obstacle);
  }

  #noMap(...said) {
    this.#obstacle = said;
    text(this.note, this.words.say(...said));
    document.documentElement.dataset.map = "none";
  }

  #point(hit) {
    if (!hit) {
      if (this.pointed) this.card.hide();
      this.pointed = null;
      return;
    }
    if (this.pointed === hit.key) return;
    this.pointed = hit.key;
    const w = this.words;
    const { serverNow, instant } = this.station.moment();
    if (hit.region) {
      this.card.at(regionCard(hit.region, this.byRegion, w, instant.at), hit.box);
      return;
    }
    if (hit.item.kind === "track") {
      this.card.at(trackCard(hit.item, w, serverNow), hit.box);
      return;
    }
    const { view, ...item } = hit.item;
    const witnesses = Object.values(view?.witnesses ?? item.witnesses ?? {});
    if (!witnesses.length && view?.source) witnesses.push(view.source);
    const notes = [item.approximate && item.kind === "threat" ? w.say("map.approximate") : "", item.sub];
    if (item.kind === "threat" && witnesses.length > 1) notes.push(w.say("threats.joined", { n: witnesses.length }));
    if (item.kind === "scramble") notes.push(...linkNotes(view, this.#tree, w));
    const heading = item.label || item.name;
    const quote = Object.values(view?.quotes ?? {})[0];
    this.card.at(sourceCard({ heading, witnesses, quote, notes, tree: this.#tree, words: w, serverNow, instant }), hit.box);
  }
}
