// A field to pick one or several of what the theatre knows by name: type a part of it, arrows, Enter.

import { h } from "../build.mjs";
import { choices, fold, matching, nameOf } from "./names.mjs";

let serial = 0;

/**
 * words, kind: as for `choices`. many: several. free: what was typed stands where nothing matches it (a sector's key).
 * Fires `input` on its element when what is picked changes.
 */
export class Pick {
  #all = null;
  #shown = [];
  #at = -1;
  #keys = [];

  constructor({ words, kind, many = false, free = null, label, describedby = "" }) {
    Object.assign(this, { words, kind, many, free });
    this.id = `pick-${(serial += 1)}`;
    this.input = h("input", "act-input");
    Object.assign(this.input, { type: "text", autocomplete: "off", spellcheck: false });
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.id,
      "aria-label": label,
      ...(describedby ? { "aria-describedby": describedby } : {}),
    })) this.input.setAttribute(name, value);
    this.list = h("ul", "act-options");
    this.list.id = this.id;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.popover = "manual";
    this.chips = h("span", "act-chips");
    this.element = h("div", `act-pick${many ? " many" : ""}`, many && this.chips, this.input, this.list);
    this.input.addEventListener("input", (event) => {
      // A single pick's typed text is no choice until it is chosen.
      if (!many) this.#keys = [];
      if (event.isTrusted) this.#offer();
    });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#leave());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.n));
    });
  }

  get keys() {
    return [...this.#keys];
  }

  /** What is typed and is no choice: the field says so, unless it is free. */
  get loose() {
    const typed = this.input.value.trim();
    return !this.many && this.#keys.length ? "" : typed;
  }

  set(keys) {
    this.#keys = this.many ? [...new Set(keys)] : keys.slice(0, 1);
    this.#write();
  }

  type(text) {
    this.input.value = text;
  }

  #name(key) {
    return nameOf(this.words, this.kind, key);
  }

  #write() {
    if (!this.many) {
      this.input.value = this.#keys.length ? this.#name(this.#keys[0]) : "";
      return;
    }
    this.input.value = "";
    this.chips.replaceChildren(
      ...this.#keys.map((key) => {
        const chip = h("button", "act-chip", this.#name(key), h("span", "act-x", "×"));
        chip.type = "button";
        chip.setAttribute("aria-label", this.words.say("act.pick.remove", { name: this.#name(key) }));
        chip.addEventListener("click", () => {
          this.#keys = this.#keys.filter((other) => other !== key);
          this.#write();
          this.#changed();
          this.input.focus();
        });
        return chip;
      }),
    );
  }

  #changed() {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #offer() {
    this.#all ??= choices(this.words, this.kind);
    const typed = this.input.value;
    this.#shown = typed.trim() || !this.many ? matching(this.#all, typed).filter(({ key }) => !this.many || !this.#keys.includes(key)) : [];
    this.#at = this.#shown.length && typed.trim() ? 0 : -1;
    if (!this.#shown.length) return this.#close();
    this.list.replaceChildren(
      ...this.#shown.map(({ name, more }, n) => {
        const option = h("li", "act-option", h("span", "", name), h("span", "act-more", more));
        option.id = `${this.id}-${n}`;
        option.dataset.n = n;
        option.setAttribute("role", "option");
        return option;
      }),
    );
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    const box = this.input.getBoundingClientRect();
    const below = innerHeight - box.bottom;
    const up = below < 180 && box.top > below;
    Object.assign(this.list.style, {
      left: `${box.left}px`,
      width: `${Math.max(box.width, 220)}px`,
      maxHeight: `${Math.min(320, (up ? box.top : below) - 12)}px`,
      top: up ? "auto" : `${box.bottom + 2}px`,
      bottom: up ? `${innerHeight - box.top + 2}px` : "auto",
    });
    this.input.setAttribute("aria-expanded", "true");
    this.#mark();
    return undefined;
  }

  #mark() {
    [...this.list.children].forEach((option, n) => {
      option.setAttribute("aria-selected", String(n === this.#at));
      if (n === this.#at) option.scrollIntoView({ block: "nearest" });
    });
    if (this.#at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.id}-${this.#at}`);
  }

  #close() {
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  get #open() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  #key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.#open) return this.#offer();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
      return this.#mark();
    }
    if (event.key === "Enter" && this.#open && this.#at >= 0) {
      event.preventDefault();
      event.stopPropagation();
      return this.#choose(this.#at);
    }
    // Going on takes what is marked, as long as something was typed for it.
    if (event.key === "Tab" && !event.shiftKey && this.#open && this.#at >= 0 && this.input.value.trim()) return this.#choose(this.#at);
    if (event.key === "Escape" && this.#open) {
      // Only the list is closed, not the form around it.
      event.preventDefault();
      event.stopPropagation();
      return this.#close();
    }
    if (event.key === "Backspace" && this.many && !this.input.value && this.#keys.length) {
      this.#keys.pop();
      this.#write();
      return this.#changed();
    }
    if (event.key === "," && this.many && this.#open && this.#at >= 0) {
      event.preventDefault();
      return this.#choose(this.#at);
    }
    return undefined;
  }

  #choose(n) {
    const { key } = this.#shown[n];
    if (this.many) {
      this.#keys.push(key);
      this.input.value = "";
    } else this.#keys = [key];
    this.#close();
    this.#write();
    this.#changed();
    this.input.focus();
  }

  /** Leaving the field takes what was typed for what it can only mean. */
  #leave() {
    this.#close();
    const typed = this.input.value.trim();
    if (!typed || (!this.many && this.#keys.length)) return;
    this.#all ??= choices(this.words, this.kind);
    const exact = this.#all.filter(({ key, name }) => key.toLowerCase() === typed.toLowerCase() || fold(name) === fold(typed));
    const found = exact.length ? exact[0].key : this.free?.test(typed) ? typed.toUpperCase() : null;
    if (found === null) return;
    if (this.many) this.#keys = [...new Set([...this.#keys, found])];
    else this.#keys = [found];
    this.#write();
    this.#changed();
  }
}
