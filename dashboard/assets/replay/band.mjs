// The band that whatever is replayed stands under: that it is a replay, of when, as known when, and who leads it.

import { h, text } from "../build.mjs";
import { zuluDay, zuluSeconds } from "../clock.mjs";

export class ReplayBand {
  /** put(element): gives it its place. */
  constructor(words, put) {
    this.words = words;
    this.element = Object.assign(h("div", "replay-band"), { id: "replay-band", hidden: true });
    this.parts = [h("strong"), h("span", "replay-when"), h("span", "replay-more"), h("span", "replay-stopped")];
    this.element.append(...this.parts);
    this.element.setAttribute("role", "status");
    this.element.setAttribute("aria-live", "off");
    put(this.element);
  }

  /** moment: of the station that is shown. replay: its state, or null where it is live. more: what else is to be said. */
  show(moment, replay, more = "") {
    const w = this.words;
    const { element } = this;
    element.hidden = !moment.replay;
    if (element.hidden) return;
    const [strong, when, rest, stopped] = this.parts;
    text(strong, w.say(moment.status.exercise ? "replay.band_exercise" : "replay.band"));
    const { at } = moment.instant;
    const day = at === null ? "" : `${zuluDay(at)} ${new Date(at).getUTCFullYear()} ${zuluSeconds(at)}`;
    text(when, [day, w.say(`replay.known_${replay?.known ?? "then"}`)].filter(Boolean).join(" · "));
    text(rest, [more, replay && replay.ready === false ? w.say("replay.working") : ""].filter(Boolean).join(" · "));
    text(stopped, replay?.stopped ? w.say("replay.stopped") : "");
  }
}
