// What `?` shows on the briefing: every key, by what it is for.

import { h } from "../build.mjs";
import { openDialog } from "../desk/dialog.mjs";
import { GROUPS, KEYS } from "./keys.mjs";

const NAMES = { Escape: "Esc", ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", "Shift+ArrowRight": "⇧ →", "Shift+ArrowLeft": "⇧ ←", PageDown: "PgDn", PageUp: "PgUp" };

export function openHelp(words) {
  const title = words.say("briefing.help.title");
  const row = ({ keys, word }) => h("li", "", h("span", "keys", ...keys.map((key) => h("kbd", "", NAMES[key] ?? key))), h("span", "", words.say(word)));
  openDialog("help", {
    title,
    className: "briefing-help",
    build: () => [
      h("h1", "", title),
      h(
        "div",
        "help-groups",
        ...GROUPS.map((name) => h("section", "", h("h2", "", words.say(`briefing.help.${name}`)), h("ul", "", ...KEYS.filter(({ group }) => group === name).map(row)))),
      ),
      h("p", "aside", words.say("briefing.help.more")),
    ],
  });
}
