// The review queue: what the reader was too unsure of. A person mends and publishes it, or dismisses it.

import { h, text } from "../build.mjs";
import { Readings } from "./readings.mjs";
import { isOk, request } from "./sending.mjs";
import { WaitingDialog } from "./waitingdialog.mjs";

class Review extends WaitingDialog {
  constructor(context) {
    super(context, { name: "review", word: "act.review.publish", other: "act.review.dismiss" });
    context.pickPosition = context.pick ? () => this.aside(context.pick) : undefined;
    this.readings = new Readings(context, { counted: () => this.look() });
    this.reason = h("p", "act-reason");
    this.place.prepend(this.reason, this.readings.element);
  }

  async show(chosen) {
    text(this.reason, [chosen.path, chosen.reason].filter(Boolean).join(" · "));
    let answer = null;
    try {
      answer = await request("POST", "/api/v1/readings", { text: chosen.text, published_at: chosen.received_at });
    } catch {
      answer = null;
    }
    if (this.entry !== chosen) return;
    const understood = answer && isOk(answer.status) ? answer.body : { lang: "und", readings: [], left: [] };
    this.readings.show({ text: chosen.text }, understood);
    // Each is too unsure by the rule that sent it here: a person says which is right.
    for (const card of this.readings.cards) card.tick.checked = this.readings.cards.length === 1;
    this.look();
  }

  isFit() {
    return this.readings.chosen.length > 0;
  }

  touched() {
    return super.touched() || (this.entry !== null && this.readings.touched);
  }

  check() {
    return super.check() && (this.isOther || (this.isFit() && this.readings.chosen.every((card) => card.check())));
  }

  act() {
    const settle = { act: "settle", review: this.entry.entry };
    if (this.isOther) return { ...settle, decision: "dismiss", ...this.note };
    // The first settles the entry; what else the text says is published beside it.
    const [first, ...others] = this.readings.chosen;
    return [
      ...others.map((card) => ({ card: card.n, act: "publish", event: card.event(), ...this.note })),
      { card: first.n, ...settle, decision: "publish", event: first.event(), ...this.note },
    ];
  }

  doneOne(n) {
    if (n !== undefined) this.readings.cards[n].done();
  }

  refused(answer, n) {
    if (super.refused(answer)) return true;
    if (n === undefined) return false;
    const { body } = answer;
    this.readings.cards[n].raise((body.parameter ?? "").replace(/^event\.?/, ""), body.detail ?? body.title ?? "");
    return true;
  }
}

export const review = (context) => new Review(context).open();
