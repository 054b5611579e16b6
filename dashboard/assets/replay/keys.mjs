// The one table of the briefing's keys: what `?` shows and what docs/briefing.md lists.

import { isWriting } from "../desk/keys.mjs";

/**
 * name: of the command. keys: as `pressed` writes them. word: key of the catalogue. group: under which heading.
 * While somebody writes, letters are letters.
 */
export const KEYS = [
  { name: "toggle", keys: ["Space"], word: "briefing.key.toggle", group: "time" },
  { name: "next", keys: ["ArrowRight"], word: "briefing.key.next", group: "time" },
  { name: "previous", keys: ["ArrowLeft"], word: "briefing.key.previous", group: "time" },
  { name: "on", keys: ["Shift+ArrowRight"], word: "briefing.key.on", group: "time" },
  { name: "back", keys: ["Shift+ArrowLeft"], word: "briefing.key.back", group: "time" },
  { name: "faster", keys: ["ArrowUp", "+"], word: "briefing.key.faster", group: "time" },
  { name: "slower", keys: ["ArrowDown", "-"], word: "briefing.key.slower", group: "time" },
  { name: "reverse", keys: ["r"], word: "briefing.key.reverse", group: "time" },
  { name: "type", keys: ["t"], word: "briefing.key.type", group: "time" },
  { name: "begin", keys: ["Home"], word: "briefing.key.begin", group: "time" },
  { name: "end", keys: ["End"], word: "briefing.key.end", group: "time" },
  { name: "loop-in", keys: ["["], word: "briefing.key.loop_in", group: "time" },
  { name: "loop-out", keys: ["]"], word: "briefing.key.loop_out", group: "time" },
  { name: "loop", keys: ["o"], word: "briefing.key.loop", group: "time" },
  { name: "known", keys: ["k"], word: "briefing.key.known", group: "show" },
  { name: "differences", keys: ["d"], word: "briefing.key.differences", group: "show" },
  { name: "figures", keys: ["p"], word: "briefing.key.figures", group: "show" },
  { name: "fullscreen", keys: ["f"], word: "briefing.key.fullscreen", group: "show" },
  { name: "whole-map", keys: ["g"], word: "briefing.key.whole_map", group: "show" },
  { name: "wider", keys: ["z"], word: "briefing.key.wider", group: "show" },
  { name: "narrower", keys: ["Z"], word: "briefing.key.narrower", group: "show" },
  { name: "all", keys: ["0"], word: "briefing.key.all", group: "show" },
  { name: "chapter-next", keys: ["PageDown", "n"], word: "briefing.key.chapter_next", group: "briefing" },
  { name: "chapter-previous", keys: ["PageUp", "N"], word: "briefing.key.chapter_previous", group: "briefing" },
  { name: "chapters", keys: ["c"], word: "briefing.key.chapters", group: "briefing" },
  { name: "add", keys: ["b", "a"], word: "briefing.key.add", group: "briefing" },
  { name: "lead", keys: ["l"], word: "briefing.key.lead", group: "briefing" },
  { name: "take", keys: ["e"], word: "briefing.key.take", group: "briefing" },
  { name: "link", keys: ["y"], word: "briefing.key.link", group: "briefing" },
  { name: "help", keys: ["?", "h"], word: "briefing.key.help", group: "briefing" },
  { name: "close", keys: ["Escape"], word: "briefing.key.close", group: "briefing" },
];
export const GROUPS = ["time", "show", "briefing"];

/** How an event's key is written: "Space", "Shift+ArrowLeft", "?". Shift is told of keys that are no letters. */
export function pressed({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey || !key) return "";
  if (key === " ") return "Space";
  return shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key;
}

/** The command of a key, or null. A button that has the focus keeps Space, a list its arrows. */
export function commandOf(event) {
  if (event.defaultPrevented || event.isComposing) return null;
  const key = pressed(event);
  const { target } = event;
  if (isWriting(target) && key !== "Escape") return null;
  if (key === "Space" && target.closest?.("button, a, summary, [role=tab], input")) return null;
  if (key.startsWith("Arrow") && target.closest?.("[role=tablist], [role=menu], [role=radiogroup]")) return null;
  return KEYS.find(({ keys }) => keys.includes(key)) ?? null;
}
