// Leading others: which room, how many follow, and the way to end it. Walls and desks follow by `?follow=ROOM`.

import { h, text } from "../build.mjs";
import { openDialog } from "../dialog.mjs";
import { worded } from "../language.mjs";
import { isRoom } from "./address.mjs";

const USUAL = "briefing";

export class LeadButton {
  /** station: a ReplayStation. say(words). changed(): another room, or none. mayLead. */
  constructor({ station, words, say, changed, mayLead }) {
    Object.assign(this, { station, words, say, changed });
    this.button = worded(words, h("button", "control"), "briefing.lead_more", "hint");
    this.button.type = "button";
    this.button.id = "control-lead";
    this.button.disabled = !mayLead;
    this.button.addEventListener("click", (event) => {
      this.toggle();
      if (event.detail > 0) this.button.blur();
    });
    this.state = h("span", "leading");
    this.show();
  }

  get room() {
    const { replay, room } = this.station;
    return room && replay?.leading ? replay.room : "";
  }

  show() {
    const w = this.words;
    const { room, station } = this;
    text(this.button, w.say(room ? "briefing.lead_end" : "briefing.lead"));
    this.button.setAttribute("aria-pressed", String(Boolean(room)));
    const n = station.replay?.followers;
    text(this.state, room ? [w.say("briefing.leading", { room }), Number.isInteger(n) ? w.say("briefing.followers", { n }) : ""].filter(Boolean).join(" · ") : "");
    if (station.refused && station.refused !== this.refused) this.say(w.say(`briefing.lead_${station.refused}`));
    this.refused = station.refused;
  }

  toggle() {
    if (this.button.disabled) {
      this.say(this.words.say("briefing.lead_role"));
      return;
    }
    if (this.room) {
      this.station.lead("");
      this.changed();
      return;
    }
    this.#ask();
  }

  #ask() {
    const w = this.words;
    const field = Object.assign(h("input", "chapter-field"), { value: USUAL, maxLength: 64, autocomplete: "off", spellcheck: false, id: "lead-room" });
    field.setAttribute("aria-label", w.say("briefing.room"));
    const links = h("p", "lead-links");
    const tell = () => {
      const isFit = isRoom(field.value);
      field.toggleAttribute("aria-invalid", !isFit);
      text(links, isFit ? ["wall", "desk"].map((screen) => `${location.origin}/${screen}?follow=${field.value}`).join("\n") : w.say("briefing.room_how"));
    };
    field.addEventListener("input", tell);
    openDialog("lead", {
      title: w.say("briefing.lead"),
      className: "lead-dialog",
      build: (close) => {
        const go = Object.assign(h("button", "small-button main", w.say("briefing.lead")), { type: "submit" });
        const form = h("form", "", h("h1", "", w.say("briefing.lead")), h("p", "aside", w.say("briefing.lead_how")), h("label", "", w.say("briefing.room"), field), links, go);
        form.addEventListener("submit", (event) => {
          event.preventDefault();
          if (!isRoom(field.value)) return;
          this.station.lead(field.value);
          this.changed();
          close();
        });
        return form;
      },
    });
    tell();
    field.select();
  }
}
