// The one table of the desk's keys: what `?` shows, what the palette offers, what docs/desk.md lists.

/**
 * name: of the command. keys: as a KeyboardEvent's `key`, with "Ctrl+" before it where that is held. word: key of the
 * catalogue. group: under which heading. Keys of acts are their own (acts/open.mjs).
 */
export const KEYS = [
  { name: "palette", keys: ["Ctrl+k", "p"], word: "desk.key.palette", group: "desk", always: ["Ctrl+k"] },
  { name: "help", keys: ["?"], word: "desk.key.help", group: "desk" },
  { name: "close", keys: ["Escape"], word: "desk.key.close", group: "desk" },
  { name: "search", keys: ["/"], word: "desk.key.search", group: "table" },
  { name: "next", keys: ["j"], word: "desk.key.next", group: "table" },
  { name: "previous", keys: ["k"], word: "desk.key.previous", group: "table" },
  { name: "newest", keys: ["Home"], word: "desk.key.newest", group: "table" },
  { name: "unacked", keys: ["1"], word: "desk.key.unacked", group: "table" },
  { name: "tonight", keys: ["2"], word: "desk.key.tonight", group: "table" },
  { name: "unfiltered", keys: ["0"], word: "desk.key.unfiltered", group: "table" },
  { name: "tab-next", keys: ["]"], word: "desk.key.tab_next", group: "drawer" },
  { name: "tab-previous", keys: ["["], word: "desk.key.tab_previous", group: "drawer" },
  { name: "show-on-map", keys: ["g"], word: "desk.key.show_on_map", group: "map" },
  { name: "whole-map", keys: ["G"], word: "desk.key.whole_map", group: "map" },
  { name: "layers", keys: ["l"], word: "desk.key.layers", group: "map" },
  { name: "legend", keys: ["L"], word: "desk.key.legend", group: "map" },
  { name: "measure", keys: ["d"], word: "desk.key.measure", group: "map" },
  { name: "grid-reference", keys: ["m"], word: "desk.key.grid_reference", group: "map" },
  { name: "dtg", keys: ["t"], word: "desk.key.dtg", group: "desk" },
  { name: "now", keys: ["o"], word: "desk.key.now", group: "desk" },
  { name: "log", keys: ["O"], word: "desk.key.log", group: "desk" },
  { name: "replay", keys: ["v"], word: "desk.key.replay", group: "desk" },
  { name: "link", keys: ["y"], word: "desk.key.link", group: "desk" },
  { name: "notify", keys: ["N"], word: "desk.key.notify", group: "desk" },
];
export const GROUPS = ["desk", "table", "drawer", "map"];

/** The name of a key of the keyboard, as the table writes it: "Ctrl+k", "?", "Escape". */
export const keyOf = ({ key, ctrlKey, metaKey, altKey }) => (altKey || !key ? "" : ctrlKey || metaKey ? `Ctrl+${key.toLowerCase()}` : key);

/** Whether somebody is writing there, so that letters are letters. */
export function isWriting(element) {
  return Boolean(element?.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]"));
}

/** The command of a key that was pressed, or null. commands: like KEYS. */
export function commandOf(event, commands = KEYS) {
  if (event.defaultPrevented || event.isComposing) return null;
  const key = keyOf(event);
  const writing = isWriting(event.target);
  return commands.find(({ keys, always = [] }) => (writing ? always.includes(key) || (key === "Escape" && keys.includes(key)) : keys.includes(key))) ?? null;
}
