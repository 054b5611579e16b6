// The switch between the two times: as it was known then, as it is known now.

import { h } from "../build.mjs";
import { worded } from "../language.mjs";

export class KnownSwitch {
  /** choices: those of "then" and "now" that there are. choose(one of them). */
  constructor(words, choices, choose) {
    const place = (this.element = worded(words, h("div", "known"), "briefing.known", "label"));
    place.id = "known";
    place.setAttribute("role", "radiogroup");
    this.buttons = choices.map((as) => {
      const button = worded(words, h("button", "known-choice"), `briefing.known_${as}`);
      button.type = "button";
      button.dataset.known = as;
      button.setAttribute("role", "radio");
      button.addEventListener("click", (event) => {
        choose(as);
        if (event.detail > 0) button.blur();
      });
      return button;
    });
    place.append(...this.buttons);
    place.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      const other = this.buttons.find((each) => each !== document.activeElement);
      if (!other) return;
      other.focus();
      choose(other.dataset.known);
    });
  }

  show(known) {
    for (const button of this.buttons) {
      const isOn = button.dataset.known === known;
      button.setAttribute("aria-checked", String(isOn));
      button.tabIndex = isOn ? 0 : -1;
    }
  }
}
