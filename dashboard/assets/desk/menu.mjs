// A button that opens a short list of switches beside it.

import { h } from "../build.mjs";
import { worded } from "../language.mjs";

let open = null;
addEventListener("pointerdown", (event) => {
  if (open && !open.holder.contains(event.target)) open.close();
});

/**
 * A menu of switches. key: of what it is called. items(): [{ name, label, on, hint? }], asked anew each time it opens. set(name, on).
 * more(): further elements under them. Returns its element, with `toggle()`.
 */
export function switches({ name, words, key, items, set, more = () => [] }) {
  const button = worded(words, Object.assign(h("button", "chip-button"), { type: "button", id: `menu-${name}` }), key);
  const panel = Object.assign(h("div", "menu-panel"), { hidden: true });
  panel.setAttribute("role", "group");
  worded(words, panel, key, "label");
  button.setAttribute("aria-expanded", "false");
  const holder = h("div", "menu", button, panel);
  const self = {
    holder,
    close: (back = false) => {
      panel.hidden = true;
      button.setAttribute("aria-expanded", "false");
      if (open === self) open = null;
      if (back) button.focus();
    },
  };
  const fill = () => {
    panel.replaceChildren(
      ...items().map((item) => {
        const box = Object.assign(h("input"), { type: "checkbox", checked: item.on, disabled: item.disabled === true });
        box.addEventListener("change", () => set(item.name, box.checked));
        const row = h("label", "menu-row", box, h("span", "", item.label), item.hint ? h("span", "menu-hint", item.hint) : "");
        row.dataset.item = item.name;
        return row;
      }),
      ...more(fill).filter(Boolean),
    );
  };
  holder.toggle = () => {
    if (!panel.hidden) {
      self.close(true);
      return;
    }
    open?.close();
    open = self;
    fill();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    const box = button.getBoundingClientRect();
    panel.classList.toggle("to-left", box.left + panel.offsetWidth > innerWidth);
    panel.querySelector("input, button")?.focus();
  };
  button.addEventListener("click", holder.toggle);
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      event.stopPropagation();
      event.preventDefault();
      self.close(true);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !panel.hidden) {
      const boxes = [...panel.querySelectorAll("input:not(:disabled), button")];
      boxes[(boxes.indexOf(document.activeElement) + step + boxes.length) % boxes.length]?.focus();
      event.preventDefault();
    }
  });
  return holder;
}
