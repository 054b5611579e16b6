// What `?` shows on a screen: every key, by what it is for.

import { h } from "./build.mjs";
import { openDialog } from "./dialog.mjs";

const NAMES = { Escape: "Esc", "Ctrl+k": "Ctrl K", ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", "Shift+ArrowRight": "⇧ →", "Shift+ArrowLeft": "⇧ ←", PageDown: "PgDn", PageUp: "PgUp" };

/** How a key is written: "Ctrl K". */
export const keyName = (key) => NAMES[key] ?? key;

/** say(name): the screen's words for a part of it. groups, keys: of its keys.mjs. acts: [{ key, label }] of those that this person may do. */
export function openHelp(words, say, { groups, keys: all, acts = [] }) {
  const row = (keys, label) => h("li", "", h("span", "keys", ...keys.map((key) => h("kbd", "", keyName(key)))), h("span", "", label));
  const group = (name, rows) => h("section", "", h("h2", "", say(name)), h("ul", "", ...rows));
  openDialog("help", {
    title: say("title"),
    build: () => [
      h("h1", "", say("title")),
      h(
        "div",
        "help-groups",
        ...groups.map((name) => group(name, all.filter((each) => each.group === name).map(({ keys, word }) => row(keys, words.say(word))))),
        acts.length ? group("acts", acts.filter(({ key }) => key).map(({ key, label }) => row([key], label))) : "",
      ),
      h("p", "aside", say("more")),
    ],
  });
}
