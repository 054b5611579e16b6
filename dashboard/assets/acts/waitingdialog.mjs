// The dialog of a queue that waits for a person: its list, what is chosen in it, a comment, and two ways to settle it.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { Queue } from "./waiting.mjs";

export class WaitingDialog extends ActDialog {
  /** What is chosen, or null. */
  entry = null;
  /** Whether it is settled by the other button. */
  isOther = false;

  /** name: the act's, and the queue's in the API. word: of the button that sends. other: of the one beside it. */
  constructor(context, { name, word, other }) {
    const { words } = context;
    super(context, { name, title: words.say(`act.${name}`), about: words.say(`act.${name}.more`), size: "full", word });
    this.comment = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
    this.place = h("div", "act-queue-place", h("div", "act-grid one", this.comment.element));
    this.place.hidden = true;
    this.other = h("button", "act-button", words.say(other));
    this.other.type = "button";
    this.other.addEventListener("click", () => {
      this.isOther = true;
      this.submit().finally(() => (this.isOther = false));
    });
    this.buttons.insertBefore(this.other, this.send);
    const choose = (entry) => {
      this.entry = entry;
      this.place.hidden = entry === null;
      this.comment.set(undefined);
      this.look();
      if (entry) this.show(entry);
    };
    this.queue = new Queue(context, { path: name, label: words.say(`act.${name}`), choose, empty: words.say(`act.${name}.none`) });
    this.body.append(h("div", "act-two", this.queue.element, this.place));
  }

  first = async () => {
    this.tell("busy", this.words.say("act.loading"));
    this.send.disabled = true;
    await this.queue.load();
    this.tell("", "");
    this.look();
    this.queue.list.focus();
  };

  /** Whether what is chosen could be sent. */
  isFit() {
    return true;
  }

  /** Which buttons can be pressed. */
  look() {
    this.send.disabled = this.entry === null || !this.isFit();
    this.other.disabled = this.entry === null;
  }

  /** The comment, as a part of an act. */
  get note() {
    const note = this.comment.value();
    return note ? { note } : {};
  }

  touched() {
    return this.entry !== null && Boolean(this.comment.raw());
  }

  raw() {
    return { entry: this.entry?.entry, note: this.comment.raw() };
  }

  check() {
    return this.entry !== null;
  }

  stays() {
    this.queue.gone(this.entry.entry).then(() => this.queue.list.focus());
    return true;
  }

  refused({ status }) {
    if (status !== 404) return false;
    this.tell("wrong", this.words.say("act.queue.settled"));
    this.queue.gone(this.entry.entry);
    return true;
  }
}
