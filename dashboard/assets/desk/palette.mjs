// The command palette: commands by their words, and events of the table by what they say.

import { h } from "../build.mjs";
import { openDialog } from "../dialog.mjs";
import { keyName } from "../keyhelp.mjs";

const MOST = 12;

/** How well a query fits words: every part must be in them; earlier and at a word's beginning is better. Lower is better, null is not. */
export function fits(query, text) {
  const low = text.toLowerCase();
  let sum = 0;
  for (const part of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = low.indexOf(part);
    if (at < 0) return null;
    sum += at + (at === 0 || /[\s·:(-]/.test(low[at - 1]) ? 0 : 50);
  }
  return sum;
}

/** The best of a list for a query, in its own order where the query is empty. text(item): its words. */
export function best(list, query, text, most = MOST) {
  if (!query.trim()) return list.slice(0, most);
  return list
    .map((item, n) => ({ item, n, score: fits(query, text(item)) }))
    .filter(({ score }) => score !== null)
    .sort((a, b) => a.score - b.score || a.n - b.n)
    .slice(0, most)
    .map(({ item }) => item);
}

/** commands: [{ label, keys, run }]. events(query): [{ label, sub, run }]. */
export function openPalette(words, { commands, events }) {
  let items = [];
  let at = 0;
  const input = Object.assign(h("input", "palette-input"), { type: "text", id: "palette-input", autocomplete: "off", spellcheck: false });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", "palette-list");
  input.setAttribute("aria-label", words.say("desk.palette.open"));
  input.placeholder = words.say("desk.palette.open");
  const list = Object.assign(h("ul", "palette-list"), { id: "palette-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.say("desk.palette.found"));
  let shut = () => {};
  const run = (item) => {
    shut();
    item?.run();
  };
  const draw = () => {
    const rows = items.map((item, n) => {
      const row = h("li", "palette-item", h("span", "palette-label", item.label), h("span", "palette-sub", item.sub ?? ""), ...(item.keys ?? []).map((key) => h("kbd", "", keyName(key))));
      row.id = `palette-${n}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(n === at));
      row.addEventListener("click", () => run(item));
      return row;
    });
    list.replaceChildren(...(rows.length ? rows : [h("li", "nothing", words.say("desk.palette.none"))]));
    input.setAttribute("aria-activedescendant", rows.length ? `palette-${at}` : "");
    rows[at]?.scrollIntoView({ block: "nearest" });
  };
  const look = () => {
    const query = input.value;
    const found = best(commands, query, ({ label }) => label, query.trim() ? 8 : 40);
    items = [...found, ...(query.trim().length > 1 ? events(query.trim()) : [])];
    at = 0;
    draw();
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) at = (at + step + items.length) % items.length;
    else if (event.key === "Enter") return event.preventDefault(), run(items[at]);
    else return undefined;
    event.preventDefault();
    return draw();
  });
  openDialog("palette", {
    title: words.say("desk.palette.open"),
    className: "palette",
    build: (close) => {
      shut = close;
      return [input, list];
    },
  });
  look();
  input.focus();
}
