// What is told now, over the map, so that those at the back can read it.

import { h, text } from "../build.mjs";

/** The chapter that is on, over the map: its number, title and note. */
export class Caption {
  /** element: where it stands; without one it makes its own in `place`. */
  constructor(words, { element = null, place = null }) {
    this.element = element ?? Object.assign(h("div", "caption"), { hidden: true });
    if (!element) place.append(this.element);
    this.words = words;
    this.parts = [h("span", "caption-n"), h("strong"), h("p")];
    this.element.append(...this.parts);
  }

  /** chapter: { title, note } or null. */
  show(chapter, n, of) {
    this.element.hidden = !chapter;
    if (!chapter) return;
    const [number, title, note] = this.parts;
    text(number, of ? this.words.say("briefing.chapter_of", { n, of }) : "");
    text(title, chapter.title);
    text(note, chapter.note ?? "");
    note.hidden = !chapter.note;
  }
}
