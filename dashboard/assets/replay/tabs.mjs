// The tabs beside the map: one page is open, arrows move between them.

import { h, text } from "../build.mjs";
import { worded } from "../language.mjs";

export class Tabs {
  name;

  /** names: of pages #side-NAME. changed(name): another one is open. */
  constructor(root, words, names, changed) {
    Object.assign(this, { root, names, changed });
    this.tabs = Object.fromEntries(
      names.map((name) => {
        const tab = h("button", "side-tab", worded(words, h("span"), `briefing.tab.${name}`), h("span", "side-count"));
        tab.type = "button";
        tab.id = `tab-${name}`;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", `side-${name}`);
        tab.addEventListener("click", (event) => {
          this.open(name);
          if (event.detail > 0) tab.blur();
        });
        return [name, tab];
      }),
    );
    const list = root.querySelector("#side-tabs");
    list.append(...Object.values(this.tabs));
    list.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = names[(names.indexOf(this.name) + by + names.length) % names.length];
      this.open(next);
      this.tabs[next].focus();
    });
    this.open(names[0]);
  }

  open(name) {
    if (!this.names.includes(name) || this.name === name) return;
    this.name = name;
    for (const each of this.names) {
      this.tabs[each].setAttribute("aria-selected", String(each === name));
      this.tabs[each].tabIndex = each === name ? 0 : -1;
      this.root.querySelector(`#side-${each}`).hidden = each !== name;
    }
    this.changed(name);
  }

  /** A number beside a tab's name; 0 for none. */
  count(name, n) {
    text(this.tabs[name].lastChild, n ? String(n) : "");
  }
}
