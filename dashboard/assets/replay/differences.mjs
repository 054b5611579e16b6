// The page that sets the two times side by side, and the marks that it puts on the picture.

import { h, s, text } from "../build.mjs";
import { zulu } from "../clock.mjs";
import { projection } from "../geometry.mjs";
import { pointOf } from "../scene.mjs";
import { countOf, difference } from "./difference.mjs";
import { ReplayStation } from "./station.mjs";

/** Asked for again where the replay moves meanwhile; a picture of another instant says nothing. */
const NEAR_MS = 1000;

export class Differences {
  #other = null;
  #asked = null;
  #drawn = "";
  found = null;
  #trees = [];
  on = false;

  /** station: what is shown. words, stage. config, wish: of the page. count(n): how many differ. */
  constructor(root, { station, words, stage, config, wish, epoch, count }) {
    Object.assign(this, { root, station, words, stage, config, wish, epoch, count });
    this.place = root.querySelector("#differences-place");
    this.marks = root.querySelector("#difference-marks");
  }

  /** Compare from here on; the other time has a link of its own. */
  begin() {
    if (this.on) return;
    this.on = true;
    const { replay } = this.station;
    if (!this.#other) {
      this.#other = new ReplayStation(this.config, this.wish, { at: replay?.atMs ?? undefined, known: this.#opposite(), epoch: this.epoch });
      this.#other.onChange(() => this.show());
      this.#other.start();
    }
    this.show();
  }

  #opposite() {
    return this.station.replay?.known === "now" ? "then" : "now";
  }

  /** Called with every frame: asks for the other time's picture of this instant, and shows what differs. */
  show() {
    if (!this.on || !this.station.replay) return;
    const { replay } = this.station;
    const other = this.#other.replay;
    if (replay.playing) {
      this.#clear("briefing.differences_paused");
      return;
    }
    const wanted = `${replay.at} ${this.#opposite()}`;
    if (wanted !== this.#asked && other) {
      this.#asked = wanted;
      if (other.known !== this.#opposite()) this.#other.know(this.#opposite());
      this.#other.seek(replay.atMs);
    }
    const isThere = other && other.ready && replay.ready && other.known === this.#opposite() && Math.abs(other.atMs - replay.atMs) < NEAR_MS && this.#other.tree && this.station.tree;
    if (!isThere) {
      if (!this.found) this.#clear("briefing.differences_wait");
      return;
    }
    const trees = replay.known === "now" ? [this.#other.tree, this.station.tree] : [this.station.tree, this.#other.tree];
    const key = `${wanted} ${this.words.lang}`;
    if (this.#drawn === key && trees.every((tree, n) => tree === this.#trees[n])) return;
    this.#drawn = key;
    this.#trees = trees;
    this.found = difference(...trees, this.words);
    this.#draw(this.found);
    this.count(countOf(this.found));
  }

  /** The map moved: the marks move with it. */
  moved() {
    this.#marksOnMap(this.found);
  }

  #clear(key) {
    if (this.#drawn === key) return;
    this.#drawn = key;
    this.#trees = [];
    this.found = null;
    this.count(0);
    this.place.replaceChildren(h("p", "chapters-none", this.words.say(key)));
    this.#mark([]);
    this.marks.replaceChildren();
  }

  #draw(found) {
    const w = this.words;
    const rows = (list, row) => h("ul", "difference-list", ...list.map((each) => h("li", "", ...row(each))));
    const change = (then, now) => h("span", "difference-change", h("s", "", then || "—"), " → ", h("b", "", now || "—"));
    const region = (state) => (state ? state.split(" ").map((part) => w.say(`briefing.state.${part.split("+")[0]}`)).join(", ") : w.say("briefing.state.none"));
    const sided = (side, name) => [
      ...side.then.map((item) => [h("span", "difference-side then", w.say("briefing.only_then")), name(item)]),
      ...side.now.map((item) => [h("span", "difference-side now", w.say("briefing.only_now")), name(item)]),
    ];
    const sections = [
      ["counters", found.counters.length, () => rows(found.counters, ({ label, then, now }) => [h("span", "", label), change(then, now)])],
      ["regions", found.regions.length, () => rows(found.regions, ({ key, then, now }) => [h("span", "", w.region(key)), change(region(then), region(now))])],
      ...[
        ["scrambles", ({ country }) => w.country(country)],
        ["threats", ({ threat_type: type, regions = [] }) => [w.say(`threat.${type}`), w.regions(regions)].filter(Boolean).join(" · ")],
        ["strikes", ({ target, region: key }) => target || (key ? w.region(key) : "")],
        ["log", ({ note, act }) => note || w.say(`act.log.${act}`)],
        ["lines", ({ at, subject, what }) => `${zulu(Date.parse(at))} ${subject} · ${what}`],
      ].map(([name, called]) => [name, found[name].then.length + found[name].now.length, () => h("ul", "difference-list", ...sided(found[name], called).map((parts) => h("li", "", ...parts)))]),
      ["feeds", found.feeds.length, () => rows(found.feeds, ({ name, then, now }) => [h("span", "", name), change(then && w.say(`feeds.${then}`), now && w.say(`feeds.${now}`))])],
    ].filter(([, n]) => n);
    this.place.replaceChildren(
      h("p", "aside", w.say("briefing.differences_more")),
      ...(sections.length ? sections.map(([name, n, inside]) => h("section", "", h("h2", "", `${w.say(`briefing.differences.${name}`)} · ${n}`), inside())) : [h("p", "chapters-none", w.say("briefing.differences_none"))]),
    );
    this.#mark(found.counters);
    this.#marksOnMap(found);
  }

  /** What a counter reads at the other time, under it. */
  #mark(figures) {
    const isNow = this.station.replay?.known === "now";
    for (const figure of this.root.querySelectorAll(".figure")) {
      const found = figures.find(({ name }) => name === figure.id);
      figure.classList.toggle("differs", Boolean(found));
      let said = figure.querySelector(".differs-said");
      if (!found) {
        said?.remove();
        continue;
      }
      if (!said) {
        said = h("div", "differs-said");
        figure.append(said);
      }
      text(said, this.words.say(isNow ? "briefing.then_was" : "briefing.now_is", { value: (isNow ? found.then : found.now) || "—" }));
    }
  }

  #marksOnMap(found) {
    const { map } = this.stage.map;
    if (!found || !map || !this.on) {
      this.marks.replaceChildren();
      return;
    }
    const view = this.stage.map.view();
    const project = projection(view);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const svg = s("svg", { width: view.width, height: view.height, "aria-hidden": "true" });
    for (const { key, then, now } of found.regions) {
      const point = pointOf(key, this.words.atlas);
      if (!point) continue;
      const [x, y] = project(...point);
      const sign = !then ? "+" : !now ? "−" : "≠";
      svg.append(
        s("g", { class: "difference-mark" }, s("circle", { cx: x, cy: y, r: 1.1 * rem }), s("circle", { class: "sign", cx: x + 1.1 * rem, cy: y - 0.9 * rem, r: 0.6 * rem }), s("text", { x: x + 1.1 * rem, y: y - 0.56 * rem, "text-anchor": "middle" }, sign)),
      );
    }
    this.marks.replaceChildren(svg);
  }
}
