// What `?` shows: every key, by what it is for.

import { h } from "../build.mjs";
import { openDialog } from "./dialog.mjs";
import { GROUPS, KEYS } from "./keys.mjs";

const NAMES = { Escape: "Esc", "Ctrl+k": "Ctrl K" };
/** How a key is written: "Ctrl K". */
export const keyName = (key) => NAMES[key] ?? key;

/** acts: [{ key, label }] of those that this person may do. */
export function openHelp(words, acts = []) {
  const row = (keys, label) => h("li", "", h("span", "keys", ...keys.map((key) => h("kbd", "", keyName(key)))), h("span", "", label));
  const group = (title, rows) => h("section", "help-group", h("h2", "", title), h("ul", "", ...rows));
  openDialog("help", {
    title: words.say("desk.help.title"),
    className: "help",
    build: () => [
      h("h1", "", words.say("desk.help.title")),
      h(
        "div",
        "help-groups",
        ...GROUPS.map((name) =>
          group(
            words.say(`desk.help.${name}`),
            KEYS.filter((each) => each.group === name).map(({ keys, word }) => row(keys, words.say(word))),
          ),
        ),
        acts.length ? group(words.say("desk.help.acts"), acts.filter(({ key }) => key).map(({ key, label }) => row([key], label))) : "",
      ),
      h("p", "aside", words.say("desk.help.more")),
    ],
  });
}
