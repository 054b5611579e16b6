// Layouts of the wall in turn, and the small moves that keep a picture from burning into a screen that shows it for months.

const EVERY_S = 60;
/** After a new scramble the first layout stays for so many turns. */
const TURNS_HELD = 2;
const SHIFT_EVERY_MS = 120_000;
/** In rem, one after another: nobody sees a step of a seventh of a letter. */
const SHIFTS = [
  [0, 0],
  [0.15, 0],
  [0.15, 0.15],
  [0, 0.15],
  [-0.15, 0.15],
  [-0.15, 0],
  [-0.15, -0.15],
  [0, -0.15],
  [0.15, -0.15],
];

export class Rotation {
  #at = 0;
  #held = 0;

  /** root: the wall. layouts: by name, of the page's configuration. wish: of page.mjs. onChange: after another layout is shown. */
  constructor(root, layouts, wish, onChange) {
    this.root = root;
    this.layouts = layouts;
    this.onChange = onChange;
    this.unknown = (wish.layouts ?? []).filter((name) => !Object.hasOwn(layouts, name));
    const known = (wish.layouts ?? []).filter((name) => Object.hasOwn(layouts, name));
    this.names = known.length ? known : ["full"];
    this.#show();
    if (this.names.length > 1) setInterval(() => this.#turn(), (wish.every ?? EVERY_S) * 1000);
  }

  get name() {
    return this.names[this.#at];
  }

  /** Something happened that everybody has to see: the first layout, at once and for a while. */
  hold() {
    if (this.names.length < 2) return;
    this.#held = TURNS_HELD;
    this.#at = 0;
    this.#show();
  }

  #turn() {
    if (this.#held > 0) {
      this.#held -= 1;
      return;
    }
    this.#at = (this.#at + 1) % this.names.length;
    this.#show();
  }

  #show() {
    const { parts, figures = 1 } = this.layouts[this.name];
    this.root.dataset.layout = this.name;
    this.root.dataset.parts = parts.join(" ");
    this.root.style.setProperty("--figures", String(figures));
    this.onChange();
  }
}

/** Move the wall by a hair every two minutes. */
export function shiftAgainstBurnIn(root) {
  let at = 0;
  setInterval(() => {
    at = (at + 1) % SHIFTS.length;
    const [x, y] = SHIFTS[at];
    root.style.translate = `${x}rem ${y}rem`;
  }, SHIFT_EVERY_MS);
}
