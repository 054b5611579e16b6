// Stamps small pictures into pixels by hand and hands them to a canvas at once. Without a graphics card thousands of
// drawImage calls cost six times as much as this.

/** Pictures kept at most: those of names come and go. */
const MOST_SPRITES = 1_200;

/** Below this alpha a pixel is not worth blending. */
const FAINT = 12;

/** A small picture as two lists of pixels: those that cover what is under them, and those to be blended with it. */
function compile(canvas, opacity) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, width, height);
  const words = new Uint32Array(data.buffer);
  const whole = [];
  const soft = [];
  const [left, top] = [width >> 1, height >> 1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const word = words[y * width + x];
      const alpha = Math.round((word >>> 24) * opacity);
      if (alpha < FAINT) continue;
      (alpha > 250 ? whole : soft).push(x - left, y - top, ((word & 0xffffff) | (alpha << 24)) >>> 0);
    }
  }
  return { whole, soft, reach: Math.max(left, top) + 1 };
}

/** [dx, dy, pixel] thrice over becomes [offset, pixel] for rows of a length. */
function lay(triples, stride) {
  const laid = new Int32Array((triples.length / 3) * 2);
  for (let n = 0, m = 0; n < triples.length; n += 3, m += 2) {
    laid[m] = triples[n + 1] * stride + triples[n];
    laid[m + 1] = triples[n + 2];
  }
  return laid;
}

export class Pixels {
  #sprites = new Map();
  #margin = 0;

  /** Of a canvas's size in device pixels. margin: how far a picture may reach beyond its edges. */
  resize(width, height, margin) {
    if (this.width === width && this.height === height && margin <= this.#margin) return;
    Object.assign(this, { width, height });
    this.#margin = margin;
    this.stride = width + 2 * margin;
    this.image = new ImageData(this.stride, height + 2 * margin);
    this.words = new Uint32Array(this.image.data.buffer);
    this.used = null;
    this.forget();
  }

  /** Forget every picture: the next ones are of another size. */
  forget() {
    this.#sprites.clear();
  }

  /** A picture by its name or number, or undefined. */
  sprite(name) {
    return this.#sprites.get(name);
  }

  /** Keep a canvas as a picture, of which the middle is its place, and return it. */
  keep(name, canvas, opacity = 1) {
    if (this.#sprites.size >= MOST_SPRITES) this.forget();
    const { whole, soft, reach } = compile(canvas, opacity);
    const sprite = { whole: lay(whole, this.stride), soft: lay(soft, this.stride), reach };
    this.#sprites.set(name, sprite);
    return sprite;
  }

  /** Empty everything that was stamped since it was last empty. */
  clear() {
    if (this.used) this.words.fill(0, this.used.top * this.stride, (this.used.bottom + 1) * this.stride);
    this.wiped = this.used;
    this.used = null;
  }

  /** Stamp a picture with its middle at whole device pixels; what lies outside is left out. */
  stamp(sprite, x, y) {
    const margin = this.#margin;
    if (sprite.reach > margin || x < 0 || y < 0 || x >= this.width || y >= this.height) return false;
    const { words } = this;
    const at = (y + margin) * this.stride + x + margin;
    const { whole, soft } = sprite;
    for (let n = 0; n < soft.length; n += 2) {
      const place = at + soft[n];
      const under = words[place];
      words[place] = under === 0 ? soft[n + 1] : blend(under, soft[n + 1]);
    }
    for (let n = 0; n < whole.length; n += 2) words[at + whole[n]] = whole[n + 1];
    const [top, bottom] = [y + margin - sprite.reach, y + margin + sprite.reach];
    if (!this.used) this.used = { top, bottom };
    else {
      if (top < this.used.top) this.used.top = top;
      if (bottom > this.used.bottom) this.used.bottom = bottom;
    }
    return true;
  }

  /** Show it on a canvas's context: the rows that are, and those that were. */
  put(context) {
    const [a, b] = [this.used ?? this.wiped, this.wiped ?? this.used];
    if (!a) return;
    const [top, bottom] = [Math.min(a.top, b.top), Math.max(a.bottom, b.bottom)];
    context.putImageData(this.image, -this.#margin, -this.#margin, 0, top, this.stride, bottom - top + 1);
    this.wiped = null;
  }
}

/** One pixel over another, both with alpha that is not multiplied in. */
function blend(under, over) {
  const a = (over >>> 24) & 255;
  const b = (under >>> 24) & 255;
  const alpha = a + (b * (255 - a)) / 255;
  const part = a / alpha;
  const mix = (shift) => {
    const low = (under >>> shift) & 255;
    return Math.round(low + (((over >>> shift) & 255) - low) * part);
  };
  return ((Math.round(alpha) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0;
}
