// The header's clocks: Zulu first, then the theatre's own times; an exercise's clock says that it is one.

import { h, text } from "./build.mjs";
import { dateTimeGroup, localTime, zuluDay, zuluSeconds } from "./clock.mjs";
import { speedText } from "./status.mjs";

export class ClockView {
  /** zones: [{ zone: IANA name, name: what to call it }]. */
  constructor(root, words, zones) {
    this.words = words;
    this.zones = zones;
    this.zulu = root.querySelector("#clock-zulu");
    this.note = root.querySelector("#clock-note");
    this.local = root.querySelector("#clock-local");
    this.local.replaceChildren(...zones.flatMap(({ name }) => [h("span", "", name), h("b")]));
  }

  show({ instant, serverNow, tree, link }) {
    const w = this.words;
    const { at, state } = instant;
    text(this.zulu, at === null ? w.say("clock.unknown") : `${zuluDay(at)} ${zuluSeconds(at)}`);
    this.zulu.title = at === null ? "" : dateTimeGroup(at);
    this.zones.forEach(({ zone }, n) => text(this.local.children[2 * n + 1], at === null ? "--:--" : localTime(at, zone)));
    const notes = {
      running: () => w.say("clock.exercise", { speed: speedText(instant.speed, w) }),
      ended: () => w.say("clock.ended"),
      lost: () => w.say("clock.lost", { age: w.age(instant.silentMs) }),
      unknown: () => (tree === null ? "" : w.say("clock.not_heard")),
      actual: () => "",
    };
    // Whoever has lost the link does not know whether the exercise goes on.
    text(this.note, link.state === "up" || state !== "running" ? notes[state]() : w.say("clock.frozen"));
    // In an exercise the true time is still there for who needs it.
    this.note.title = tree?.status === "exercise" ? zuluSeconds(serverNow) : "";
  }
}
