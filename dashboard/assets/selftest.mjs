// The wall's self-test: each bell in turn, and what this browser can do, in one card that goes by itself.

import { h } from "./build.mjs";
import { obstacle } from "./glmap.mjs";
import { BELLS } from "./bells.mjs";

const SHOWN_MS = 20_000;
const BETWEEN_MS = 2500;

/** Rows of [what, how, is well]. */
function findings({ bells, watchdog, link, words, screen, frames }) {
  const w = words;
  const offset = watchdog.offsetMs;
  return [
    [w.say("selftest.sound"), w.say(`sound.${bells.state}`), bells.state === "on"],
    [w.say("selftest.link"), w.say(link.state === "up" ? "selftest.up" : "selftest.down"), link.state === "up"],
    [w.say("selftest.clock"), offset === null ? "—" : w.say("selftest.ms", { n: w.number(Math.round(offset)) }), offset !== null && Math.abs(offset) < 2000],
    [w.say("selftest.frames"), w.say("selftest.per_second", { n: frames }), frames >= 10],
    [w.say("selftest.webgl"), w.say(obstacle() ? "selftest.missing" : "selftest.there"), !obstacle()],
    [w.say("selftest.screen"), `${screen.width} × ${screen.height} × ${screen.ratio}`, screen.width >= 1280],
  ];
}

/** Show the card in `root`, ring each bell, and take the card away again. */
export async function selfTest(root, { bells, watchdog, link, words }) {
  root.querySelector(".selftest")?.remove();
  const frames = await watchdog.countFrames();
  const screen = { width: innerWidth, height: innerHeight, ratio: devicePixelRatio };
  const rows = findings({ bells, watchdog, link, words, screen, frames }).map(([what, how, isWell]) =>
    h("tr", isWell ? "well" : "unwell", h("th", "", what), h("td", "", how), h("td", "", isWell ? "✓" : "✗")),
  );
  const colours = ["red", "amber", "yellow", "green", "friend", "hostile", "exercise", "lost"].map((name) => {
    const patch = h("i");
    patch.style.background = `var(--${name})`;
    return patch;
  });
  const card = h("section", "selftest", h("h2", "", words.say("selftest.title")), h("table", "", h("tbody", "", ...rows)), h("div", "patches", ...colours));
  card.setAttribute("role", "status");
  root.append(card);
  BELLS.forEach((bell, n) => setTimeout(() => bells.ring(bell), n * BETWEEN_MS));
  setTimeout(() => card.remove(), SHOWN_MS);
}
