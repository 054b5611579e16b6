// The canvas over the map: threats, scrambles, strikes, closed airports, and every name, none over another.
// Drawn when the map moved, the picture changed or a second passed; never by a loop of its own.

import { distanceKm, edgePoint, kmPerPixel, projection, scaleBar } from "./geometry.mjs";
import { Room, place } from "./labels.mjs";
import { stamp } from "./sprites.mjs";

const INK = {
  halo: "rgba(5, 9, 14, 0.92)",
  text: "#f2f6fa",
  quiet: "#b9c6d3",
  hostile: "#ff8080",
  stale: "#a9b6c3",
  friend: "#7cc8ff",
  country: "#9db0c2",
  closed: "#ffd23e",
  strike: "#ffe9a8",
  red: "#ffe1e4",
  yellow: "#ffe3a6",
};

/** A threat that nobody spoke of for longer than this keeps its symbol and loses its label. */
const STALE_LABEL_MS = 3_600_000;

export class Overlay {
  #asked = false;
  #context;
  items = [];

  constructor(holder, view) {
    this.holder = holder;
    this.view = view;
    this.canvas = Object.assign(document.createElement("canvas"), { className: "overlay" });
    this.canvas.setAttribute("aria-hidden", "true");
    holder.append(this.canvas);
    this.#context = this.canvas.getContext("2d");
    this.scene = null;
  }

  /** Give it another scene: { threats, unplaced, elsewhere, scrambles, closures, strikes, regions, towns, words }. */
  show(scene) {
    this.scene = scene;
    this.ask();
  }

  /** Draw with the next frame of the browser. */
  ask = () => {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.draw();
    });
  };

  draw() {
    const view = this.view();
    if (!view || !this.scene || !view.width || !view.height) return;
    const ratio = devicePixelRatio || 1;
    const { canvas } = this;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const c = this.#context;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, view.width, view.height);
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.family = getComputedStyle(document.body).fontFamily;
    this.ratio = ratio;
    this.size = { width: view.width, height: view.height };
    const project = projection(view);
    const room = new Room(view.width, view.height);
    this.items = [];
    for (const box of this.#furniture()) room.take(box);
    this.#scaleBar(view, room);
    const at = (item) => {
      const [x, y] = project(item.lon, item.lat);
      return { ...item, x: x + (item.shift ?? 0) * 2.6 * this.rem, y };
    };
    const inside = ({ x, y }) => x >= 0 && y >= 0 && x <= view.width && y <= view.height;
    const split = (list) => {
      const all = list.map(at);
      return [all.filter(inside), all.filter((item) => !inside(item))];
    };
    const { scene } = this;
    const [threats, farThreats] = split(scene.threats);
    const [rings, farRings] = split(scene.scrambles);
    const [closed] = split(scene.closures);
    const [struck, farStrikes] = split(scene.strikes);
    const sizes = { threat: 0.95, scramble: 1.45, closed: 0.5, strike: 0.7 };
    // What nobody speaks of any more stays, but small: what is heard of now stands out.
    const halfOf = ({ kind, approximate, stale }) =>
      sizes[kind] * this.rem * (kind === "threat" ? (stale ? 0.6 : 1) * (approximate ? 1.3 : 1) : 1);

    // Symbols take their room before any label: a label may never hide one.
    for (const item of [...threats, ...rings, ...closed, ...struck]) {
      const h = halfOf(item);
      room.take([item.x - h, item.y - h, item.x + h, item.y + h]);
      this.items.push({ ...item, half: h });
    }
    for (const threat of threats) for (const box of this.#courseBoxes(threat, halfOf(threat))) room.take(box);
    this.#edges([...farStrikes, ...farRings, ...farThreats], view, project, room);
    for (const ring of rings) this.#ring(ring, halfOf(ring));
    for (const item of closed) this.#closed(item, halfOf(item));
    for (const item of struck) this.#burst(item.x, item.y, halfOf(item), item.approximate);
    threats.sort((a, b) => Number(a.isMissile) - Number(b.isMissile) || Number(b.stale) - Number(a.stale));
    for (const threat of threats) this.#trail(threat, project);
    for (const threat of threats) this.#course(threat, halfOf(threat));
    for (const threat of threats) this.#threat(threat, halfOf(threat));

    for (const ring of rings) {
      this.#label(room, ring, halfOf(ring), [
        { text: ring.label, weight: 700, ink: ring.airborne ? INK.friend : INK.stale },
        { text: ring.sub, weight: 600, ink: ring.airborne ? INK.text : INK.stale },
        { text: ring.note ?? "", size: 0.75, ink: INK.quiet },
      ], { must: true });
    }
    const labelled = threats.filter(({ stale, silentMs }) => !stale || silentMs < STALE_LABEL_MS).reverse();
    for (const threat of labelled.sort((a, b) => Number(a.stale) - Number(b.stale))) {
      this.#label(room, threat, halfOf(threat), [
        { text: threat.label, weight: 700, ink: threat.stale ? INK.stale : INK.text },
        { text: threat.sub, size: 0.75, ink: INK.stale },
      ], { must: !threat.stale });
    }
    for (const item of struck) {
      this.#label(room, item, halfOf(item), [
        { text: item.label, weight: 700, ink: INK.strike },
        { text: item.sub, size: 0.8, ink: INK.text },
      ]);
    }
    for (const item of scene.regions.map(at).filter(inside)) {
      this.#label(
        room,
        item,
        0,
        [
          { text: item.label, weight: 600, size: 0.8, ink: INK[item.kind === "yellow" ? "yellow" : "red"] },
          { text: item.age, weight: 400, size: 0.8, ink: INK[item.kind === "yellow" ? "yellow" : "red"] },
        ],
        { sides: ["centre", "below", "above", "right", "left"] },
      );
    }
    for (const item of closed) this.#label(room, item, halfOf(item), [{ text: item.label, size: 0.75, ink: INK.closed }]);
    for (const country of scene.countries.map(at).filter(inside)) {
      const row = { text: country.name.toUpperCase(), size: 0.95, weight: 600, ink: INK.country };
      this.#label(room, country, 0, [row], { sides: ["centre", "below", "above"] });
    }
    for (const town of scene.towns.map(at).filter(inside)) this.#town(room, town);
    this.#unplaced(scene, room);
  }

  /** Boxes of what stands over the map already: legend, advisories. */
  #furniture() {
    const frame = this.holder.getBoundingClientRect();
    return ["legend", "advisories"].flatMap((id) => {
      const box = document.getElementById(id)?.getBoundingClientRect();
      if (!box?.width) return [];
      return [[box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top]];
    });
  }

  #font(size, weight) {
    this.#context.font = `${weight} ${size * this.rem}px ${this.family}`;
  }

  #write(string, x, y, { size = 0.9, weight = 400, ink = INK.text }) {
    const c = this.#context;
    this.#font(size, weight);
    c.textBaseline = "middle";
    c.lineJoin = "round";
    c.lineWidth = 0.24 * this.rem;
    c.strokeStyle = INK.halo;
    c.strokeText(string, x, y);
    c.fillStyle = ink;
    c.fillText(string, x, y);
  }

  #width(string, { size = 0.9, weight = 400 }) {
    this.#font(size, weight);
    return this.#context.measureText(string).width;
  }

  #label(room, item, half, rows, { sides, must = false } = {}) {
    const shown = rows.filter((row) => row.text);
    if (!shown.length) return false;
    const heights = shown.map((row) => (row.size ?? 0.9) * this.rem * 1.12);
    const widths = shown.map((row) => this.#width(row.text, row));
    const height = heights.reduce((sum, each) => sum + each, 0);
    const width = Math.max(...widths);
    const gap = 0.3 * this.rem;
    const spot = place(room, { x: item.x, y: item.y, half, width, height, gap, must: must && shown.length === 1, ...(sides ? { sides } : {}) });
    if (!spot) return shown.length > 1 && this.#label(room, item, half, shown.slice(0, -1), { sides, must });
    let y = spot[1];
    shown.forEach((row, n) => {
      const shift = spot[2] === "right" ? 0 : spot[2] === "left" ? width - widths[n] : (width - widths[n]) / 2;
      this.#write(row.text, spot[0] + shift, y + heights[n] / 2, row);
      y += heights[n];
    });
    return true;
  }

  #threat({ x, y, symbol, approximate, stale, lost }, half) {
    const c = this.#context;
    const sprite = stamp(symbol, 2 * half * this.ratio);
    c.globalAlpha = stale || lost ? 0.55 : 1;
    if (approximate) {
      c.setLineDash([0.25 * this.rem, 0.2 * this.rem]);
      c.strokeStyle = stale ? INK.stale : INK.hostile;
      c.lineWidth = 0.11 * this.rem;
      c.beginPath();
      c.arc(x, y, half, 0, 2 * Math.PI);
      c.stroke();
      c.setLineDash([]);
    }
    const scale = approximate ? 0.58 : 1;
    if (sprite) {
      const [w, h] = [(sprite.width / this.ratio) * scale, (sprite.height / this.ratio) * scale];
      c.drawImage(sprite, x - w / 2, y - h / 2, w, h);
    }
    c.globalAlpha = 1;
  }

  /** Where several posts had it before, oldest first: a thin line with a dot at each place. */
  #trail({ path, stale }, project) {
    if (path.length < 2 || stale) return;
    const c = this.#context;
    const points = path.map(([lon, lat]) => project(lon, lat));
    c.globalAlpha = 0.6;
    c.strokeStyle = c.fillStyle = INK.hostile;
    c.lineWidth = 0.07 * this.rem;
    c.beginPath();
    points.forEach(([x, y], n) => c[n ? "lineTo" : "moveTo"](x, y));
    c.stroke();
    for (const [x, y] of points.slice(0, -1)) {
      c.beginPath();
      c.arc(x, y, 0.14 * this.rem, 0, 2 * Math.PI);
      c.fill();
    }
    c.globalAlpha = 1;
  }

  /** The room that a course's line takes. */
  #courseBoxes({ x, y, course, isMissile, stale }, half) {
    if (course === null || stale) return [];
    const angle = ((course - 90) * Math.PI) / 180;
    const r = 0.3 * this.rem;
    const boxes = [];
    for (let at = half + r; at < half + (isMissile ? 2.6 : 1.9) * this.rem; at += 1.5 * r) {
      const [px, py] = [x + Math.cos(angle) * at, y + Math.sin(angle) * at];
      boxes.push([px - r, py - r, px + r, py + r]);
    }
    return boxes;
  }

  #course({ x, y, course, isMissile, stale }, half) {
    if (course === null || stale) return;
    const c = this.#context;
    const angle = ((course - 90) * Math.PI) / 180;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const [from, to] = [half * 1.05, half * 1.05 + (isMissile ? 2.3 : 1.5) * this.rem];
    const head = 0.36 * this.rem;
    const ink = INK.hostile;
    for (const [width, style] of [[0.34, INK.halo], [0.14, ink]]) {
      c.strokeStyle = style;
      c.lineWidth = width * this.rem;
      c.setLineDash(isMissile || style === INK.halo ? [] : [0.16 * this.rem, 0.16 * this.rem]);
      c.beginPath();
      c.moveTo(x + dx * from, y + dy * from);
      c.lineTo(x + dx * to, y + dy * to);
      c.stroke();
    }
    c.setLineDash([]);
    c.fillStyle = ink;
    c.beginPath();
    c.moveTo(x + dx * (to + head), y + dy * (to + head));
    c.lineTo(x + dx * to - dy * head * 0.7, y + dy * to + dx * head * 0.7);
    c.lineTo(x + dx * to + dy * head * 0.7, y + dy * to - dx * head * 0.7);
    c.fill();
  }

  #ring({ x, y, airborne, approximate }, half) {
    const c = this.#context;
    const ink = airborne ? INK.friend : INK.stale;
    c.strokeStyle = ink;
    c.fillStyle = airborne ? "rgba(60, 150, 220, 0.22)" : "rgba(120, 135, 150, 0.12)";
    c.lineWidth = 0.13 * this.rem;
    if (approximate) c.setLineDash([0.3 * this.rem, 0.22 * this.rem]);
    c.beginPath();
    c.arc(x, y, half, 0, 2 * Math.PI);
    c.fill();
    c.stroke();
    c.setLineDash([]);
    if (airborne) {
      c.globalAlpha = 0.55;
      c.lineWidth = 0.08 * this.rem;
      c.beginPath();
      c.arc(x, y, half * 1.3, 0, 2 * Math.PI);
      c.stroke();
      c.globalAlpha = 1;
    }
    const sprite = stamp("fighter", 1.25 * half * this.ratio);
    if (!sprite) return;
    c.globalAlpha = airborne ? 1 : 0.45;
    c.drawImage(sprite, x - sprite.width / this.ratio / 2, y - sprite.height / this.ratio / 2, sprite.width / this.ratio, sprite.height / this.ratio);
    c.globalAlpha = 1;
  }

  #closed({ x, y }, half) {
    const c = this.#context;
    c.fillStyle = INK.closed;
    c.strokeStyle = INK.halo;
    c.lineWidth = 0.12 * this.rem;
    c.beginPath();
    c.rect(x - half, y - half, 2 * half, 2 * half);
    c.stroke();
    c.fill();
    c.strokeStyle = "#1a1400";
    c.lineWidth = 0.16 * this.rem;
    const r = half * 0.55;
    c.beginPath();
    c.moveTo(x - r, y - r);
    c.lineTo(x + r, y + r);
    c.moveTo(x + r, y - r);
    c.lineTo(x - r, y + r);
    c.stroke();
  }

  #burst(x, y, radius, hollow) {
    const c = this.#context;
    c.beginPath();
    for (let n = 0; n < 16; n += 1) {
      const r = n % 2 ? radius * 0.45 : radius;
      const a = (n * Math.PI) / 8 - Math.PI / 2;
      c[n ? "lineTo" : "moveTo"](x + r * Math.cos(a), y + r * Math.sin(a));
    }
    c.closePath();
    c.lineWidth = 0.12 * this.rem;
    c.strokeStyle = hollow ? INK.strike : INK.halo;
    if (!hollow) {
      c.fillStyle = INK.strike;
      c.fill();
    }
    c.stroke();
  }

  #town(room, { x, y, name, population }) {
    const c = this.#context;
    const size = population > 600_000 ? 0.78 : 0.7;
    const dot = 0.16 * this.rem;
    if (!room.isFree([x - dot, y - dot, x + dot, y + dot])) return;
    if (!this.#label(room, { x, y }, dot, [{ text: name, size, ink: INK.quiet }])) return;
    c.fillStyle = INK.quiet;
    c.beginPath();
    c.arc(x, y, dot, 0, 2 * Math.PI);
    c.fill();
  }

  /** What lies outside the view stands at its edge, with an arrow and how far it is from there. */
  #edges(items, view, project, room) {
    const pad = 1.1 * this.rem;
    const box = { left: pad, top: pad, right: view.width - pad, bottom: view.height - pad };
    for (const item of items) {
      const edge = edgePoint([item.x, item.y], box);
      if (!edge) continue;
      const half = 0.8 * this.rem;
      const near = this.#pointAt(edge, view);
      const km = Math.round(distanceKm(near, [item.lon, item.lat]) / 10) * 10;
      // Along the edge until it stands on nothing else.
      let { y } = edge;
      const { x } = edge;
      for (let n = 1; n < 12 && !room.isFree([x - half, y - half, x + half, y + half].map((v, k) => (k < 2 ? Math.max(0, v) : v))); n += 1) {
        y = edge.y + (n % 2 ? 1 : -1) * Math.ceil(n / 2) * 2.4 * this.rem;
      }
      room.take([x - half, y - half, x + half, y + half]);
      this.#arrow(x, y, edge.angle, half, item.kind === "scramble" ? INK.friend : item.kind === "strike" ? INK.strike : INK.hostile);
      this.items.push({ ...item, x, y, half });
      this.#label(room, { x, y }, half, [
        { text: item.label || item.name, weight: 700, ink: item.kind === "strike" ? INK.strike : INK.text },
        { text: item.sub, size: 0.8, ink: INK.text },
        { text: this.scene.words.say("map.beyond", { km: this.scene.words.number(km) }), size: 0.75, ink: INK.quiet },
      ]);
    }
  }

  #pointAt({ x, y }, { lon, lat, zoom, width, height }) {
    const degrees = 360 / (512 * 2 ** zoom);
    return [lon + (x - width / 2) * degrees, lat - (y - height / 2) * degrees * Math.cos((lat * Math.PI) / 180)];
  }

  #arrow(x, y, angle, half, ink) {
    const c = this.#context;
    c.save();
    c.translate(x, y);
    c.rotate(angle);
    c.fillStyle = ink;
    c.strokeStyle = INK.halo;
    c.lineWidth = 0.12 * this.rem;
    c.beginPath();
    c.moveTo(half, 0);
    c.lineTo(-half * 0.6, half * 0.75);
    c.lineTo(-half * 0.25, 0);
    c.lineTo(-half * 0.6, -half * 0.75);
    c.closePath();
    c.stroke();
    c.fill();
    c.restore();
  }

  #scaleBar({ lat, zoom, width, height }, room) {
    const c = this.#context;
    const { km, px } = scaleBar(7 * this.rem, kmPerPixel(lat, zoom));
    const [right, y] = [width - 1 * this.rem, height - 0.9 * this.rem];
    room.take([right - px - this.rem, y - 1.6 * this.rem, width, height]);
    c.strokeStyle = INK.quiet;
    c.lineWidth = 0.1 * this.rem;
    c.beginPath();
    c.moveTo(right - px, y - 0.3 * this.rem);
    c.lineTo(right - px, y);
    c.lineTo(right, y);
    c.lineTo(right, y - 0.3 * this.rem);
    c.stroke();
    const text = this.scene.words.say("map.km", { n: this.scene.words.number(km) });
    this.#write(text, right - px / 2 - this.#width(text, { size: 0.75 }) / 2, y - 0.75 * this.rem, { size: 0.75, ink: INK.quiet });
  }

  /** Threats that nobody placed, and alerts of regions that no map has, are named in a corner: they are not nowhere. */
  #unplaced({ unplaced, elsewhere = [], words }, room) {
    const names = [...new Set(unplaced.map((item) => item.label || item.name))].slice(0, 4).join(", ");
    const lines = [
      names && words.say("map.unplaced", { n: unplaced.length, names }),
      elsewhere.length && words.say("alerts.elsewhere", { names: words.regions(elsewhere.map((key) => key.slice(0, 40)), 3) }),
    ].filter(Boolean);
    lines.forEach((line, n) => {
      const width = this.#width(line, { size: 0.85, weight: 600 });
      const x = this.size.width - width - this.rem;
      room.take([x, 1.2 * n * this.rem, this.size.width, (1.2 * n + 2) * this.rem]);
      this.#write(line, x, 1.2 * (n + 1) * this.rem, { size: 0.85, weight: 600, ink: INK.hostile });
    });
  }

  /** The item under a point of the window, the nearest first, or null. */
  at(clientX, clientY) {
    const frame = this.holder.getBoundingClientRect();
    const [x, y] = [clientX - frame.left, clientY - frame.top];
    let best = null;
    let least = Infinity;
    for (const item of this.items) {
      const distance = Math.hypot(item.x - x, item.y - y);
      if (distance <= item.half * 1.2 && distance < least) [best, least] = [item, distance];
    }
    return best && { item: best, box: new DOMRect(frame.left + best.x - best.half, frame.top + best.y - best.half, 2 * best.half, 2 * best.half) };
  }
}
