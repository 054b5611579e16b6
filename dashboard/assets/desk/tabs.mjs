// The tabs of a part of the desk: one page of several is open, arrows move between them. Drawn anew with what is counted of each.

import { h } from "../build.mjs";

export class DeskTabs {
  /** prefix: of the tabs' ids. names: of the pages. page: the id of where they are shown. open(name). */
  constructor(place, { prefix, names, page, open }) {
    Object.assign(this, { place, prefix, names, page, open });
    place.addEventListener("click", (event) => {
      const name = event.target.closest("[data-tab]")?.dataset.tab;
      if (name) open(name);
    });
    place.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      this.step(step);
      place.querySelector("[aria-selected=true]").focus();
    });
  }

  /** Open the page so many further. */
  step(by) {
    const { names } = this;
    this.open(names[(names.indexOf(this.current) + by + names.length) % names.length]);
  }

  /** current: which is open. tabs: of each name what stands in its tab, in a list. */
  show(current, tabs) {
    this.current = current;
    const focused = this.place.contains(document.activeElement);
    this.place.replaceChildren(
      ...this.names.map((name) => {
        const isOpen = name === current;
        const tab = h("button", "desk-tab", ...tabs[name]);
        Object.assign(tab, { type: "button", id: `${this.prefix}-${name}`, tabIndex: isOpen ? 0 : -1 });
        tab.dataset.tab = name;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", this.page);
        tab.setAttribute("aria-selected", String(isOpen));
        return tab;
      }),
    );
    document.getElementById(this.page).setAttribute("aria-labelledby", `${this.prefix}-${current}`);
    if (focused) this.place.querySelector("[aria-selected=true]").focus();
  }
}
