// The canvas of what stands: threats, scrambles, strikes, areas, links, and every name, none over another. Drawn when the
// map moved or what it shows changed; what moves has a canvas of its own.

import { spread } from "./clusters.mjs";
import { KM_PER_NM, bearingDeg, circle, distanceKm, edgePoint, greatCircle, kmPerPixel, projection, scaleBar, unprojection } from "./geometry.mjs";
import { Room } from "./labels.mjs";
import * as marks from "./marks.mjs";
import { INK, Pen } from "./pen.mjs";

/** A threat that nobody spoke of for longer than this keeps its symbol and loses its label. */
const STALE_LABEL_MS = 3_600_000;
const SIZES = { threat: 0.95, cluster: 1.15, scramble: 1.45, closed: 0.5, strike: 0.7, marker: 0.5 };
const EDGE_INKS = { scramble: "friend", strike: "strike" };
/** Of a cluster's members by name. */
const MOST_NAMED = 3;
const OVER_MAP = ["legend", "advisories"];

export class Still {
  /** What was drawn, with x, y and half in CSS pixels. */
  items = [];
  /** Where there is still room for names, once it was drawn. */
  room = null;

  constructor(holder) {
    this.holder = holder;
    this.canvas = Object.assign(document.createElement("canvas"), { className: "overlay" });
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
  }

  /** view: of the map. scene: the lists of overlay.mjs, without those of layers that are off. */
  draw(view, scene, { selected = null, measure = null } = {}) {
    this.selected = selected;
    const ratio = devicePixelRatio || 1;
    const { canvas, context: c } = this;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, view.width, view.height);
    this.pen = new Pen(c, ratio);
    this.view = view;
    this.project = projection(view);
    this.words = scene.words;
    this.items = [];
    this.room = new Room(view.width, view.height);
    for (const box of this.#furniture()) this.room.take(box);
    this.#scaleBar();
    this.#scene(scene);
    if (measure) this.#measure(measure);
    if (selected !== null) this.#selection(scene);
  }

  #at = (item) => {
    const [x, y] = this.project(item.lon, item.lat);
    return { ...item, x: x + (item.shift ?? 0) * 2.6 * this.pen.rem, y };
  };

  #inside = ({ x, y }) => x >= 0 && y >= 0 && x <= this.view.width && y <= this.view.height;

  // What nobody speaks of any more stays, but small: what is heard of now stands out.
  #half = ({ kind, approximate, stale }) =>
    SIZES[kind] * this.pen.rem * (kind === "threat" ? (stale ? 0.6 : 1) * (approximate ? 1.3 : 1) : kind === "cluster" && stale ? 0.7 : 1);

  #split(list) {
    const all = list.map(this.#at);
    return [all.filter(this.#inside), all.filter((item) => !this.#inside(item))];
  }

  #scene(scene) {
    const { pen, room } = this;
    const half = this.#half;
    const [nearThreats, farThreats] = this.#split(scene.threats);
    const threats = spread(nearThreats, half).map((item) => (item.kind === "cluster" ? this.#told(item) : item));
    const [rings, farRings] = this.#split(scene.scrambles);
    const [closed] = this.#split(scene.closures);
    const [struck, farStrikes] = this.#split(scene.strikes);
    const [markers] = this.#split(scene.markers);

    // Symbols take their room before any label: a label may never hide one.
    for (const item of [...threats, ...rings, ...closed, ...struck, ...markers]) {
      const h = half(item);
      room.take([item.x - h, item.y - h, item.x + h, item.y + h]);
      this.items.push({ ...item, half: h });
    }
    for (const item of threats) for (const box of marks.courseBoxes(pen, item, half(item))) room.take(box);
    for (const item of [...scene.closures, ...scene.markers]) this.#area(item);
    const bends = scene.links.map((link) => [link, this.#link(link)]);
    this.#edges([...farStrikes, ...farRings, ...farThreats]);
    for (const item of rings) marks.ring(pen, item, half(item));
    for (const item of closed) marks.closed(pen, item, half(item));
    for (const item of markers) marks.marker(pen, item, half(item));
    for (const item of struck) marks.burst(pen, item, half(item));
    threats.sort((a, b) => Number(a.isMissile) - Number(b.isMissile) || Number(b.stale) - Number(a.stale));
    for (const { path, stale } of threats) {
      if (path.length > 1 && !stale) marks.path(pen, path.map(([lon, lat]) => this.project(lon, lat)));
    }
    for (const item of threats) if (item.stands) marks.tether(pen, item.stands, [item.x, item.y]);
    for (const item of threats) marks.course(pen, item, half(item));
    for (const item of threats) (item.kind === "cluster" ? marks.cluster : marks.threat)(pen, item, half(item));
    this.#labels(scene, { threats, rings, struck, closed, markers, bends });
    this.#unplaced(scene);
  }

  #told(item) {
    const names = item.members.map(({ label, name }) => label || name);
    const more = names.length - MOST_NAMED;
    const said = names.slice(0, MOST_NAMED).join(", ");
    return {
      ...item,
      label: this.words.say("map.cluster", { n: names.length }),
      sub: more > 0 ? this.words.say("unit.more", { names: said, n: more }) : said,
    };
  }

  /** Names, the most telling first. */
  #labels(scene, { threats, rings, struck, closed, markers, bends }) {
    const { pen, room } = this;
    const half = (item) => this.#half(item) + (this.selected !== null && this.#isSelected(item) ? marks.SELECTION_REM * pen.rem : 0);
    for (const ring of rings) {
      pen.label(room, ring, half(ring), [
        { text: ring.label, weight: 700, ink: ring.airborne ? INK.friend : INK.stale },
        { text: ring.sub, weight: 600, ink: ring.airborne ? INK.text : INK.stale },
        { text: ring.note ?? "", size: 0.75, ink: INK.quiet },
      ], { must: true });
    }
    const labelled = threats.filter(({ stale, silentMs }) => !stale || silentMs < STALE_LABEL_MS).reverse();
    for (const item of labelled.sort((a, b) => Number(a.stale) - Number(b.stale))) {
      pen.label(room, item, half(item), [
        { text: item.label, weight: 700, ink: item.stale ? INK.stale : INK.text },
        { text: item.sub, size: 0.75, ink: INK.stale },
      ], { must: !item.stale });
    }
    for (const item of struck) {
      pen.label(room, item, half(item), [
        { text: item.label, weight: 700, ink: INK.strike },
        { text: item.sub, size: 0.8, ink: INK.text },
      ]);
    }
    for (const [{ label }, middle] of bends) {
      if (this.#inside(middle)) pen.label(room, middle, 0, [{ text: label, size: 0.75, ink: INK.friend }], { sides: ["centre", "above", "below", "right", "left"] });
    }
    for (const item of scene.regions.map(this.#at).filter(this.#inside)) {
      const ink = item.kind === "yellow" ? INK.yellow : INK.red;
      const rows = [{ text: item.label, weight: 600, size: 0.8, ink }, { text: item.age, size: 0.8, ink }];
      pen.label(room, item, 0, rows, { sides: ["centre", "below", "above", "right", "left"] });
    }
    for (const item of closed) pen.label(room, item, half(item), [{ text: item.label, size: 0.75, ink: INK.closed }]);
    for (const item of markers) pen.label(room, item, half(item), [{ text: item.label, size: 0.75, ink: INK.marker }]);
    for (const country of scene.countries.map(this.#at).filter(this.#inside)) {
      const row = { text: country.name.toUpperCase(), size: 0.95, weight: 600, ink: INK.country };
      pen.label(room, country, 0, [row], { sides: ["centre", "below", "above"] });
    }
    for (const town of scene.towns.map(this.#at).filter(this.#inside)) this.#town(town);
  }

  /** Boxes of what stands over the map already. */
  #furniture() {
    const frame = this.holder.getBoundingClientRect();
    return OVER_MAP.flatMap((id) => {
      const box = document.getElementById(id)?.getBoundingClientRect();
      if (!box?.width) return [];
      return [[box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top]];
    });
  }

  #town({ x, y, name, population }) {
    const { pen, room } = this;
    const dot = 0.16 * pen.rem;
    if (!room.isFree([x - dot, y - dot, x + dot, y + dot])) return;
    const row = { text: name, size: population > 600_000 ? 0.78 : 0.7, ink: INK.quiet };
    if (pen.label(room, { x, y }, dot, [row])) marks.dot(pen, { x, y }, dot, INK.quiet);
  }

  #area({ kind, lon, lat, radiusKm, outline }) {
    const corners = outline?.length > 2 ? outline : radiusKm ? circle([lon, lat], radiusKm) : [];
    if (!corners.length) return;
    marks.area(this.pen, corners.map(([a, b]) => this.project(a, b)), kind === "closed" ? INK.closed : INK.marker);
  }

  /** Returns the middle of the curve, where its label goes. */
  #link({ from, to }) {
    const [a, b] = [this.project(...from), this.project(...to)];
    const bend = [(a[0] + b[0]) / 2 + (b[1] - a[1]) * 0.18, (a[1] + b[1]) / 2 - (b[0] - a[0]) * 0.18];
    marks.link(this.pen, [a, bend, b]);
    return { x: (a[0] + 2 * bend[0] + b[0]) / 4, y: (a[1] + 2 * bend[1] + b[1]) / 4 };
  }

  /** What lies outside the view stands at its edge, with an arrow and how far it is from there. */
  #edges(items) {
    const { pen, room, view, words } = this;
    const pad = 1.1 * pen.rem;
    const half = 0.8 * pen.rem;
    const box = { left: pad, top: pad, right: view.width - pad, bottom: view.height - pad };
    const back = unprojection(view);
    for (const item of items) {
      const edge = edgePoint([item.x, item.y], box);
      if (!edge) continue;
      const km = Math.round(distanceKm(back(edge.x, edge.y), [item.lon, item.lat]) / 10) * 10;
      // Along the edge until it stands on nothing else.
      let { y } = edge;
      const { x } = edge;
      for (let n = 1; n < 12 && !room.isFree([x - half, y - half, x + half, y + half].map((v, k) => (k < 2 ? Math.max(0, v) : v))); n += 1) {
        y = edge.y + (n % 2 ? 1 : -1) * Math.ceil(n / 2) * 2.4 * pen.rem;
      }
      room.take([x - half, y - half, x + half, y + half]);
      marks.arrow(pen, x, y, edge.angle, half, INK[EDGE_INKS[item.kind] ?? "hostile"]);
      this.items.push({ ...item, x, y, half });
      pen.label(room, { x, y }, half, [
        { text: item.label || item.name, weight: 700, ink: item.kind === "strike" ? INK.strike : INK.text },
        { text: item.sub, size: 0.8, ink: INK.text },
        { text: words.say("map.beyond", { km: words.number(km) }), size: 0.75, ink: INK.quiet },
      ]);
    }
  }

  #scaleBar() {
    const { pen, words } = this;
    const { lat, zoom, width, height } = this.view;
    const { km, px } = scaleBar(7 * pen.rem, kmPerPixel(lat, zoom));
    const [right, y] = [width - 1 * pen.rem, height - 0.9 * pen.rem];
    this.room.take([right - px - pen.rem, y - 1.6 * pen.rem, width, height]);
    marks.scale(pen, right, y, px);
    const row = { size: 0.75, ink: INK.quiet };
    const text = words.say("map.km", { n: words.number(km) });
    pen.write(text, right - px / 2 - pen.width(text, row) / 2, y - 0.75 * pen.rem, row);
  }

  /** Threats that nobody placed, and alerts of regions that no map has, are named in a corner: they are not nowhere. */
  #unplaced({ unplaced, elsewhere }) {
    const { pen, room, words } = this;
    const { width } = this.view;
    const names = [...new Set(unplaced.map((item) => item.label || item.name))].slice(0, 4).join(", ");
    const lines = [
      names && words.say("map.unplaced", { n: unplaced.length, names }),
      elsewhere.length && words.say("alerts.elsewhere", { names: words.regions(elsewhere.map((key) => key.slice(0, 40)), 3) }),
    ].filter(Boolean);
    const row = { size: 0.85, weight: 600, ink: INK.hostile };
    lines.forEach((line, n) => {
      const left = width - pen.width(line, row) - pen.rem;
      room.take([left, 1.2 * n * pen.rem, width, (1.2 * n + 2) * pen.rem]);
      pen.write(line, left, 1.2 * (n + 1) * pen.rem, row);
    });
  }

  #measure({ from, to }) {
    const { pen, words, view } = this;
    marks.measure(pen, greatCircle(from, to).map(([lon, lat]) => this.project(lon, lat)));
    const km = distanceKm(from, to);
    const tell = (n) => words.number(n < 100 ? Math.round(n * 10) / 10 : Math.round(n));
    const text = words.say("map.measure", {
      km: tell(km),
      nm: tell(km / KM_PER_NM),
      deg: String(Math.round(bearingDeg(from, to)) % 360).padStart(3, "0"),
    });
    const row = { size: 0.95, weight: 700, ink: INK.measure };
    const [x, y] = this.project(...to);
    const wide = pen.width(text, row);
    const left = Math.max(0, Math.min(view.width - wide, x + 0.8 * pen.rem));
    pen.write(text, left, Math.max(pen.rem, y - 0.9 * pen.rem), row);
  }

  #isSelected = ({ key, members }) => key === this.selected || members?.some((member) => member.key === this.selected);

  #selection({ regions }) {
    const found = this.items.filter(this.#isSelected);
    const region = found.length ? [] : regions.filter(this.#isSelected).map(this.#at);
    for (const item of found) marks.selection(this.pen, item, item.half);
    for (const item of region) marks.selection(this.pen, item, 1.6 * this.pen.rem);
  }
}
