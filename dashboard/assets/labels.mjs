// Puts labels where they touch neither each other nor a symbol; who comes first in line gets the room.

/** Sides of a symbol in the order in which they are tried. */
export const AROUND = ["right", "left", "below", "above", "right-up", "right-down", "left-up", "left-down"];

/** Remembers the boxes that are taken, in a coarse grid so that a thousand of them stay cheap. */
export class Room {
  #cells = new Map();

  /** below: another room whose boxes are in the way here too. */
  constructor(width, height, { cell = 64, below = null } = {}) {
    Object.assign(this, { width, height, cell, below });
  }

  /** A room in which what is taken here is taken, and in which more can be taken without this one knowing. */
  above() {
    return new Room(this.width, this.height, { below: this });
  }

  /** Whether nothing stands in [left, top, right, bottom] and it lies inside the map. */
  isFree(box) {
    const [left, top, right, bottom] = box;
    if (left < 0 || top < 0 || right > this.width || bottom > this.height) return false;
    for (const key of this.#keys(box)) {
      for (const [l, t, r, b] of this.#cells.get(key) ?? []) {
        if (left < r && right > l && top < b && bottom > t) return false;
      }
    }
    return this.below?.isFree(box) ?? true;
  }

  take(box) {
    for (const key of this.#keys(box)) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(box);
      else this.#cells.set(key, [box]);
    }
  }

  *#keys([left, top, right, bottom]) {
    const size = this.cell;
    for (let row = Math.floor(top / size); row <= Math.floor(bottom / size); row += 1) {
      for (let column = Math.floor(left / size); column <= Math.floor(right / size); column += 1) {
        yield row * 4096 + column;
      }
    }
  }
}

/**
 * The first free place for a label of width × height around a symbol of half-size `half` at (x, y); takes it and
 * returns [left, top, side], or null where all are taken. must: then it stands right of its symbol all the same.
 */
export function place(room, { x, y, half, width, height, gap, sides = AROUND, must = false }) {
  const at = (side, reach) => {
    const [left, top] = {
      right: [x + reach + gap, y - height / 2],
      left: [x - reach - gap - width, y - height / 2],
      below: [x - width / 2, y + reach + gap / 2],
      above: [x - width / 2, y - reach - gap / 2 - height],
      centre: [x - width / 2, y - height / 2],
      "right-up": [x + reach * 0.7 + gap, y - reach - height * 0.7],
      "right-down": [x + reach * 0.7 + gap, y + reach - height * 0.3],
      "left-up": [x - reach * 0.7 - gap - width, y - reach - height * 0.7],
      "left-down": [x - reach * 0.7 - gap - width, y + reach - height * 0.3],
    }[side];
    return [left, top, left + width, top + height];
  };
  // One that must stand stands a little apart rather than on another.
  for (const further of must ? [0, 0.8 * height, 1.6 * height] : [0]) {
    for (const side of sides) {
      const box = at(side, half + further);
      if (!room.isFree(box)) continue;
      room.take(box);
      return [box[0], box[1], side.split("-")[0]];
    }
  }
  if (!must) return null;
  const box = at("right", half);
  room.take(box);
  return [box[0], box[1], "right"];
}
