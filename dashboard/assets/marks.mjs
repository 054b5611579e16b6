// The marks of the map, one function each: threats, courses, rings, closed airports, strikes, areas, links, arrows.
// pen: of pen.mjs. half: half of the mark's size in CSS pixels.

import { INK } from "./pen.mjs";
import { stamp } from "./sprites.mjs";

const turn = (course) => ((course - 90) * Math.PI) / 180;

function sprite({ context: c, ratio }, name, x, y, height, scale = 1) {
  const picture = stamp(name, height * ratio);
  if (!picture) return;
  const [w, h] = [(picture.width / ratio) * scale, (picture.height / ratio) * scale];
  c.drawImage(picture, x - w / 2, y - h / 2, w, h);
}

function round({ context: c }, x, y, radius) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
}

function along({ context: c }, points, closed = false) {
  c.beginPath();
  points.forEach(([x, y], n) => c[n ? "lineTo" : "moveTo"](x, y));
  if (closed) c.closePath();
}

export function threat(pen, { x, y, symbol, approximate, stale, lost }, half) {
  const { context: c, rem } = pen;
  c.globalAlpha = stale || lost ? 0.55 : 1;
  if (approximate) {
    c.setLineDash([0.25 * rem, 0.2 * rem]);
    c.strokeStyle = stale ? INK.stale : INK.hostile;
    c.lineWidth = 0.11 * rem;
    round(pen, x, y, half);
    c.stroke();
    c.setLineDash([]);
  }
  sprite(pen, symbol, x, y, 2 * half, approximate ? 0.58 : 1);
  c.globalAlpha = 1;
}

/** Several threats in one: a second sheet behind the first. */
export function cluster(pen, { x, y, symbol, stale }, half) {
  const { context: c, rem } = pen;
  c.globalAlpha = stale ? 0.4 : 0.7;
  sprite(pen, symbol, x + 0.28 * rem, y - 0.28 * rem, 2 * half, 0.85);
  c.globalAlpha = stale ? 0.55 : 1;
  sprite(pen, symbol, x - 0.1 * rem, y + 0.1 * rem, 2 * half, 0.85);
  c.globalAlpha = 1;
}

/** From where something is to where it is drawn for want of room. */
export function tether({ context: c, rem }, from, to) {
  c.strokeStyle = INK.hostile;
  c.globalAlpha = 0.6;
  c.lineWidth = 0.07 * rem;
  along({ context: c }, [from, to]);
  c.stroke();
  c.globalAlpha = 1;
}

/** Where several posts had it before, oldest first: a thin line with a dot at each place. */
export function path(pen, points) {
  const { context: c, rem } = pen;
  c.globalAlpha = 0.6;
  c.strokeStyle = c.fillStyle = INK.hostile;
  c.lineWidth = 0.07 * rem;
  along(pen, points);
  c.stroke();
  for (const [x, y] of points.slice(0, -1)) {
    round(pen, x, y, 0.14 * rem);
    c.fill();
  }
  c.globalAlpha = 1;
}

/** The room that a course's line takes. */
export function courseBoxes({ rem }, { x, y, course, isMissile, stale }, half) {
  if (course === null || stale) return [];
  const angle = turn(course);
  const r = 0.3 * rem;
  const boxes = [];
  for (let at = half + r; at < half + (isMissile ? 2.6 : 1.9) * rem; at += 1.5 * r) {
    const [px, py] = [x + Math.cos(angle) * at, y + Math.sin(angle) * at];
    boxes.push([px - r, py - r, px + r, py + r]);
  }
  return boxes;
}

export function course({ context: c, rem }, { x, y, course: degrees, isMissile, stale }, half) {
  if (degrees === null || stale) return;
  const angle = turn(degrees);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const [from, to] = [half * 1.05, half * 1.05 + (isMissile ? 2.3 : 1.5) * rem];
  const head = 0.36 * rem;
  for (const [width, style] of [[0.34, INK.halo], [0.14, INK.hostile]]) {
    c.strokeStyle = style;
    c.lineWidth = width * rem;
    c.setLineDash(isMissile || style === INK.halo ? [] : [0.16 * rem, 0.16 * rem]);
    c.beginPath();
    c.moveTo(x + dx * from, y + dy * from);
    c.lineTo(x + dx * to, y + dy * to);
    c.stroke();
  }
  c.setLineDash([]);
  c.fillStyle = INK.hostile;
  c.beginPath();
  c.moveTo(x + dx * (to + head), y + dy * (to + head));
  c.lineTo(x + dx * to - dy * head * 0.7, y + dy * to + dx * head * 0.7);
  c.lineTo(x + dx * to + dy * head * 0.7, y + dy * to - dx * head * 0.7);
  c.fill();
}

export function ring(pen, { x, y, airborne, approximate }, half) {
  const { context: c, rem } = pen;
  c.strokeStyle = airborne ? INK.friend : INK.stale;
  c.fillStyle = airborne ? "rgba(60, 150, 220, 0.22)" : "rgba(120, 135, 150, 0.12)";
  c.lineWidth = 0.13 * rem;
  if (approximate) c.setLineDash([0.3 * rem, 0.22 * rem]);
  round(pen, x, y, half);
  c.fill();
  c.stroke();
  c.setLineDash([]);
  if (airborne) {
    c.globalAlpha = 0.55;
    c.lineWidth = 0.08 * rem;
    round(pen, x, y, half * 1.3);
    c.stroke();
  }
  c.globalAlpha = airborne ? 1 : 0.45;
  sprite(pen, "fighter", x, y, 1.25 * half);
  c.globalAlpha = 1;
}

/** From a scramble to what explains it: [from, bend, to]. */
export function link(pen, [from, bend, to]) {
  const { context: c, rem } = pen;
  for (const [width, ink, alpha] of [[0.22, INK.halo, 0.5], [0.09, INK.friend, 0.75]]) {
    c.globalAlpha = alpha;
    c.strokeStyle = ink;
    c.lineWidth = width * rem;
    c.setLineDash([0.35 * rem, 0.35 * rem]);
    c.beginPath();
    c.moveTo(...from);
    c.quadraticCurveTo(...bend, ...to);
    c.stroke();
  }
  c.setLineDash([]);
  c.fillStyle = INK.friend;
  round(pen, ...to, 0.17 * rem);
  c.fill();
  c.globalAlpha = 1;
}

/** The outline of an area on the ground. points: its corners on the screen. */
export function area(pen, points, ink) {
  const { context: c, rem } = pen;
  along(pen, points, true);
  c.fillStyle = c.strokeStyle = ink;
  c.globalAlpha = 0.1;
  c.fill();
  c.globalAlpha = 0.85;
  c.lineWidth = 0.1 * rem;
  c.setLineDash([0.5 * rem, 0.25 * rem]);
  c.stroke();
  c.setLineDash([]);
  c.globalAlpha = 1;
}

export function closed({ context: c, rem }, { x, y }, half) {
  c.fillStyle = INK.closed;
  c.strokeStyle = INK.halo;
  c.lineWidth = 0.12 * rem;
  c.beginPath();
  c.rect(x - half, y - half, 2 * half, 2 * half);
  c.stroke();
  c.fill();
  c.strokeStyle = INK.on_closed;
  c.lineWidth = 0.16 * rem;
  const r = half * 0.55;
  c.beginPath();
  c.moveTo(x - r, y - r);
  c.lineTo(x + r, y + r);
  c.moveTo(x + r, y - r);
  c.lineTo(x - r, y + r);
  c.stroke();
}

/** What a neighbour's system drew: a small diamond on its point. */
export function marker({ context: c, rem }, { x, y }, half) {
  along({ context: c }, [[x, y - half], [x + half, y], [x, y + half], [x - half, y]], true);
  c.fillStyle = INK.halo;
  c.fill();
  c.strokeStyle = INK.marker;
  c.lineWidth = 0.13 * rem;
  c.stroke();
  c.fillStyle = INK.marker;
  round({ context: c }, x, y, 0.12 * rem);
  c.fill();
}

/** Something was hit. hollow: its place was not stated. */
export function burst({ context: c, rem }, { x, y, approximate: hollow }, radius) {
  c.beginPath();
  for (let n = 0; n < 16; n += 1) {
    const r = n % 2 ? radius * 0.45 : radius;
    const a = (n * Math.PI) / 8 - Math.PI / 2;
    c[n ? "lineTo" : "moveTo"](x + r * Math.cos(a), y + r * Math.sin(a));
  }
  c.closePath();
  c.lineWidth = 0.12 * rem;
  c.strokeStyle = hollow ? INK.strike : INK.halo;
  if (!hollow) {
    c.fillStyle = INK.strike;
    c.fill();
  }
  c.stroke();
}

export function dot(pen, { x, y }, radius, ink) {
  pen.context.fillStyle = ink;
  round(pen, x, y, radius);
  pen.context.fill();
}

/** Points outward at something beyond the edge. angle: radians from the right, downward. */
export function arrow({ context: c, rem }, x, y, angle, half, ink) {
  c.save();
  c.translate(x, y);
  c.rotate(angle);
  c.fillStyle = ink;
  c.strokeStyle = INK.halo;
  c.lineWidth = 0.12 * rem;
  along({ context: c }, [[half, 0], [-half * 0.6, half * 0.75], [-half * 0.25, 0], [-half * 0.6, -half * 0.75]], true);
  c.stroke();
  c.fill();
  c.restore();
}

/** How far the ring around what is selected reaches beyond it. */
export const SELECTION_REM = 0.55;

/** A ring around what is selected, on any ground. */
export function selection(pen, { x, y }, half) {
  const { context: c, rem } = pen;
  const radius = half + (SELECTION_REM - 0.2) * rem;
  for (const [width, ink] of [[0.38, INK.halo], [0.16, INK.text]]) {
    c.lineWidth = width * rem;
    c.strokeStyle = ink;
    round(pen, x, y, radius);
    c.stroke();
  }
}

/** A scale of so many pixels, from its right end. */
export function scale({ context: c, rem }, right, y, px) {
  c.strokeStyle = INK.quiet;
  c.lineWidth = 0.1 * rem;
  along({ context: c }, [[right - px, y - 0.3 * rem], [right - px, y], [right, y], [right, y - 0.3 * rem]]);
  c.stroke();
}

/** The measuring line, through points of the screen. */
export function measure(pen, points) {
  const { context: c, rem } = pen;
  along(pen, points);
  for (const [width, ink] of [[0.34, INK.halo], [0.13, INK.measure]]) {
    c.lineWidth = width * rem;
    c.strokeStyle = ink;
    c.stroke();
  }
  for (const [x, y] of [points[0], points.at(-1)]) dot(pen, { x, y }, 0.28 * rem, INK.measure);
}
