// What every screen shows of the picture: how it stands with it, its clocks, its feeds, and the map; and when.

import { h } from "./build.mjs";
import { Card } from "./card.mjs";
import { ClockView } from "./clocks.mjs";
import { FeedsView } from "./feeds.mjs";
import { put } from "./put.mjs";
import { Stage } from "./stage.mjs";
import { onNextFrame } from "./station.mjs";
import { StatusView } from "./status.mjs";

export class Screen {
  /** The picture as it was shown last; null before, and when all is to be said anew. */
  tree = null;
  #second = null;
  /** Have it shown with the next frame. */
  ask = onNextFrame(() => this.show());

  /** root: the screen's own element. */
  constructor({ root, words, station }) {
    Object.assign(this, { root, words, station });
    this.#views();
    this.card = new Card(root);
    this.stage = new Stage(root, { station, words, card: this.card });
    this.card.of("#feeds", () => {
      const { tree, serverNow } = station.moment();
      return tree && this.feeds.cardLines(tree, serverNow).map((line) => h("div", "", line));
    });
  }

  /** Show from now on what comes, and `act` so often, by itself what changes with time. Resolves when the map is there. */
  begin(everyMs, act = () => this.tick()) {
    this.station.onChange(this.ask);
    this.words.onChange(() => this.reword());
    setInterval(act, everyMs);
    this.ask();
    return this.stage.start();
  }

  /** The views that hold nothing but what they show last: made anew, they show it in the words as they are now. */
  #views() {
    const { root, words } = this;
    this.zones = Object.values(words.atlas.countries)
      .slice(0, 2)
      .map(({ zone }) => ({ zone, name: words.zone(zone) }));
    this.status = new StatusView(root, words);
    this.clocks = new ClockView(root, words, this.zones);
    this.feeds = new FeedsView(root, words);
  }

  /** The words are of another language: say all anew. */
  reword() {
    this.#views();
    this.stage.reword();
    this.card.hide();
    this.tree = null;
    this.ask();
  }

  /**
   * Show a moment. Returns changed(...keys), which tells whether any of these members of the picture is another than it was shown
   * last; null where there is no picture.
   */
  show(now = this.station.moment()) {
    this.tick(now);
    const { tree, instant, status } = now;
    if (tree === null) return null;
    const before = this.tree;
    this.tree = tree;
    const changed = (...keys) => before === null || keys.some((key) => before[key] !== tree[key]);
    if (changed("feeds", "unreadable")) this.feeds.show(tree.feeds, tree.unreadable);
    this.stage.show(tree, instant.at, changed);
    put("picture", { data: JSON.stringify({ theatre: tree.theatre, status: tree.status, kind: status.kind, position: this.station.picture.position }) });
    return changed;
  }

  /** Show what changes with time alone. Returns whether another second has begun, of a picture. */
  tick(now = this.station.moment()) {
    const { tree, serverNow, instant, status } = now;
    this.clocks.show(now);
    this.status.show(status, { ...now, title: tree?.clock?.title ?? "" });
    if (tree === null) return false;
    const second = Math.floor(serverNow / 1000);
    if (second === this.#second) return false;
    this.#second = second;
    this.stage.draw(instant.at);
    return true;
  }
}

/** For tests and for whoever looks with the browser's tools: what is shown, not a way to change it. */
export function expose(name, screen) {
  const { station, stage } = screen;
  globalThis.watchfloor = { station, picture: station.picture, link: station.link, [name]: screen, stage, moment: () => station.moment() };
}
