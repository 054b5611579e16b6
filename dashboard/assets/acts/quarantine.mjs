// The quarantine: what could not be taken, whole, with the reason. It is tried again, or let go.

import { h, text } from "../build.mjs";
import { visible } from "./spans.mjs";
import { WaitingDialog } from "./waitingdialog.mjs";

class Quarantine extends WaitingDialog {
  constructor(context) {
    super(context, { name: "quarantine", word: "act.quarantine.retry", other: "act.quarantine.let_go" });
    this.reason = h("p", "act-reason");
    this.payload = h("pre", "act-payload");
    this.payload.tabIndex = 0;
    this.payload.setAttribute("role", "region");
    this.payload.setAttribute("aria-label", this.words.say("act.quarantine.payload"));
    this.cut = h("p", "act-note");
    this.place.prepend(this.reason, this.payload, this.cut);
  }

  show({ path, reason, text: payload, is_cut: isCut, size }) {
    const w = this.words;
    text(this.reason, w.say("act.quarantine.why", { path, reason }));
    text(this.payload, visible(payload));
    text(this.cut, isCut ? w.say("act.quarantine.cut", { n: w.number(size) }) : "");
  }

  act() {
    return { act: this.isOther ? "let-go" : "retry", quarantine: this.entry.entry, ...this.note };
  }

  refused(answer) {
    if (super.refused(answer)) return true;
    if (answer.status !== 422) return false;
    this.tell("wrong", this.words.say("act.quarantine.again", { reason: answer.body.detail }));
    this.status.focus();
    return true;
  }
}

export const quarantine = (context) => new Quarantine(context).open();
