// What is stamped of tracks, each as a small canvas whose middle is its place: symbols with their course, dots, names.
// unit: a rem in device pixels.

import { INK, Pen } from "./pen.mjs";
import { stamp } from "./sprites.mjs";
import { SECTORS } from "./tracks.mjs";

function empty(reach) {
  const side = 2 * Math.ceil(reach) + 2;
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.translate(side / 2, side / 2);
  return { canvas, context };
}

/** Of a symbol, in rem. */
function heightOf({ military, ground }, isCrowded) {
  if (ground) return isCrowded ? 0.3 : 0.5;
  return (military ? 1.15 : 0.78) * (isCrowded ? (military ? 0.85 : 0.6) : 1);
}

/**
 * The APP-6 symbol with a line on its course, or null while its file is not there. In a crowd what is civil is small and
 * has no line.
 */
export function symbol({ affiliation, military, ground, sector: known }, unit, isCrowded) {
  const height = heightOf({ military, ground }, isCrowded) * unit;
  const sector = isCrowded && !military ? null : known;
  const drawn = stamp(`track_${affiliation}_${military ? "military" : "civil"}`, height);
  if (!drawn) return null;
  const long = height * 0.62 + (military ? 0.6 : 0.35) * unit;
  const { canvas, context: c } = empty(sector === null ? height * 0.75 : long + 2);
  if (sector !== null) {
    const angle = ((sector * 360) / SECTORS - 90) * (Math.PI / 180);
    c.lineCap = "round";
    for (const [width, ink] of [[0.2, INK.halo], [0.1, INK[affiliation]]]) {
      c.lineWidth = Math.max(1, width * unit);
      c.strokeStyle = ink;
      c.beginPath();
      c.moveTo(0, 0);
      c.lineTo(Math.cos(angle) * long, Math.sin(angle) * long);
      c.stroke();
    }
  }
  c.drawImage(drawn, Math.round(-drawn.width / 2), Math.round(-drawn.height / 2));
  if (ground) {
    c.fillStyle = INK[affiliation];
    c.fillRect(Math.round(-height * 0.6), Math.round(height / 2), Math.round(height * 1.2), Math.max(1, Math.round(0.1 * unit)));
  }
  return canvas;
}

/** Where a track was. */
export function dot(ink, unit) {
  const radius = 0.13 * unit;
  const { canvas, context: c } = empty(radius + 1);
  c.globalAlpha = 0.7;
  c.fillStyle = ink;
  c.beginPath();
  c.arc(0, 0, radius, 0, 2 * Math.PI);
  c.fill();
  return canvas;
}

/** Around the one that is selected. */
export function ring(unit) {
  const { canvas, context: c } = empty(1.4 * unit);
  for (const [width, ink] of [[0.38, INK.halo], [0.16, INK.text]]) {
    c.lineWidth = width * unit;
    c.strokeStyle = ink;
    c.beginPath();
    c.arc(0, 0, 1.1 * unit, 0, 2 * Math.PI);
    c.stroke();
  }
  return canvas;
}

/** Rows of text, as `Pen.rows` has them. */
export function name(pen, rows, side) {
  const { ratio } = pen;
  const { width, height } = pen.extent(rows);
  const pad = 0.2 * pen.rem;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.ceil((width + 2 * pad) * ratio),
    height: Math.ceil((height + 2 * pad) * ratio),
  });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(ratio, ratio);
  new Pen(context, ratio).rows(rows, pad, pad, side);
  return canvas;
}
