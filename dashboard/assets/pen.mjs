// Writes on a canvas in the page's own type, in sizes of the page's rem, with a halo that keeps it readable on anything.

import { place } from "./labels.mjs";

const INKS = {
  dark: {
    halo: "rgb(5 9 14 / 92%)",
    on_closed: "#1a1400",
    text: "#f2f6fa",
    quiet: "#b9c6d3",
    hostile: "#ff8080",
    stale: "#a9b6c3",
    friend: "#7cc8ff",
    neutral: "#aaffaa",
    unknown: "#ffff80",
    country: "#9db0c2",
    closed: "#ffd23e",
    strike: "#ffe9a8",
    red: "#ffe1e4",
    yellow: "#ffe3a6",
    marker: "#d5e3f0",
    measure: "#ffffff",
  },
  light: {
    halo: "rgb(255 255 255 / 92%)",
    on_closed: "#ffffff",
    text: "#10181f",
    quiet: "#3b4956",
    hostile: "#b0000f",
    stale: "#4a5865",
    friend: "#003c9e",
    neutral: "#006040",
    unknown: "#2e2600",
    country: "#47596b",
    closed: "#6b4800",
    strike: "#6b4a00",
    red: "#6f0a15",
    yellow: "#533800",
    marker: "#2c4a66",
    measure: "#000000",
  },
};
export const INK = { ...INKS.dark };

/** Draw in the colours of a theme from now on. */
export const dip = (theme) => Object.assign(INK, INKS[theme]);

export class Pen {
  /** context: of a canvas whose pixels are `ratio` to a CSS pixel. Sizes below are in rem, places in CSS pixels. */
  constructor(context, ratio) {
    this.context = context;
    this.ratio = ratio;
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.family = getComputedStyle(document.body).fontFamily;
  }

  #font({ size = 0.9, weight = 400 }) {
    this.context.font = `${weight} ${size * this.rem}px ${this.family}`;
  }

  width(string, row) {
    this.#font(row);
    return this.context.measureText(string).width;
  }

  /** A line of text that begins at x, with its middle at y. */
  write(string, x, y, row) {
    const c = this.context;
    this.#font(row);
    c.textBaseline = "middle";
    c.lineJoin = "round";
    c.lineWidth = 0.24 * this.rem;
    c.strokeStyle = INK.halo;
    c.strokeText(string, x, y);
    c.fillStyle = row.ink ?? INK.text;
    c.fillText(string, x, y);
  }

  /** How much room rows of text take: { widths, heights, width, height }. */
  extent(rows) {
    const heights = rows.map((row) => (row.size ?? 0.9) * this.rem * 1.12);
    const widths = rows.map((row) => this.width(row.text, row));
    return { widths, heights, width: Math.max(...widths), height: heights.reduce((sum, each) => sum + each, 0) };
  }

  /** Rows below each other from the left top. side: "right" of what they name, "left" of it, or neither. */
  rows(rows, left, top, side) {
    const { widths, heights, width } = this.extent(rows);
    let y = top;
    rows.forEach((row, n) => {
      const shift = side === "right" ? 0 : side === "left" ? width - widths[n] : (width - widths[n]) / 2;
      this.write(row.text, left + shift, y + heights[n] / 2, row);
      y += heights[n];
    });
  }

  /** Name a symbol where there is room; the last rows are left out first. Returns whether anything was written. */
  label(room, { x, y }, half, rows, { sides, must = false } = {}) {
    const shown = rows.filter((row) => row.text);
    if (!shown.length) return false;
    const { width, height } = this.extent(shown);
    const gap = 0.3 * this.rem;
    const spot = place(room, { x, y, half, width, height, gap, must: must && shown.length === 1, ...(sides ? { sides } : {}) });
    if (!spot) return shown.length > 1 && this.label(room, { x, y }, half, shown.slice(0, -1), { sides, must });
    this.rows(shown, spot[0], spot[1], spot[2]);
    return true;
  }
}
