// The page's theme, dark or light: which it is, the way to the other, and who is told. theme.js chose the first.

import { h } from "./build.mjs";
import { worded } from "./language.mjs";

const KEY = "watchfloor.theme";
const listeners = new Set();

export const theme = () => (document.documentElement.dataset.theme === "light" ? "light" : "dark");

/** The key of what the switch does. */
export const switchWord = () => (theme() === "light" ? "theme.dark" : "theme.light");

/** Show this page in a theme, without keeping it. */
export function show(name) {
  if (name === theme()) return;
  document.documentElement.dataset.theme = name;
  for (const listener of listeners) listener(name);
}

/** Be told which theme it is, now and whenever it is another. */
export function onTheme(listener) {
  listeners.add(listener);
  listener(theme());
}

/** The other theme from now on, here and on every page of this browser whose address names none. */
export function switchTheme() {
  show(theme() === "light" ? "dark" : "light");
  try {
    localStorage.setItem(KEY, theme());
  } catch {
    // A browser may keep nothing: it holds for this page then.
  }
  const address = new URL(location.href);
  if (!address.searchParams.has("theme")) return;
  address.searchParams.set("theme", theme());
  history.replaceState(history.state, "", address);
}

/** A button that does it. */
export function themeButton(words) {
  const button = Object.assign(h("button", "theme-switch", "◐"), { type: "button", id: "theme-switch" });
  button.addEventListener("click", switchTheme);
  onTheme(() => {
    for (const as of ["label", "hint"]) worded(words, button, switchWord(), as);
  });
  return button;
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY && !new URLSearchParams(location.search).has("theme")) show(newValue === "light" ? "light" : "dark");
});
