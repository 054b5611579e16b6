// What a screen says to the person at it: for a while, out loud for a screen reader.

import { text } from "./build.mjs";

const SAID_MS = 6_000;

export class Said {
  #timer = 0;

  /** root: of the screen, holds #said. */
  constructor(root, words) {
    this.place = root.querySelector("#said");
    this.words = words;
  }

  say(said) {
    text(this.place, said);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => text(this.place, ""), SAID_MS);
  }

  /** Put something on the clipboard, and say whether that went well. */
  async copy(what) {
    try {
      await navigator.clipboard.writeText(what);
      this.say(this.words.say("desk.copied"));
    } catch {
      this.say(this.words.say("desk.not_copied"));
    }
  }
}
