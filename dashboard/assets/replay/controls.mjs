// The bar under the strip: play, step, speed, direction, loop, the time that is shown and can be typed.

import { h, s, text } from "../build.mjs";
import { zuluSeconds } from "../clock.mjs";
import { worded } from "../language.mjs";
import { LEAST_SPEED, MOST_SPEED } from "./station.mjs";

const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 3600];

/** The speed after this one in the list of steps, up or down. */
export function nextSpeed(speed, by) {
  const list = by > 0 ? SPEEDS : [...SPEEDS].reverse();
  return list.find((each) => (by > 0 ? each > speed : each < speed)) ?? speed;
}

/** "600", "×600", "1 h" is no speed: null. */
export function parseSpeed(text) {
  const value = Number(text.trim().replace(/^[×x]/i, "").replace(/[×x]$/i, "").replace(",", "."));
  return text.trim() !== "" && Number.isFinite(value) && value >= LEAST_SPEED && value <= MOST_SPEED ? value : null;
}

const two = (n) => String(n).padStart(2, "0");
/** "2025-06-09 03:10:09Z": what stands in the time's field. */
function writtenSecond(ms) {
  const d = new Date(ms);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${zuluSeconds(ms)}`;
}

const ICONS = {
  play: "M3,1 13,8 3,15z",
  pause: "M3,1h4v14h-4z M9,1h4v14h-4z",
  next: "M1,2 8,8 1,14z M10,2h3v12h-3z",
  previous: "M15,2 8,8 15,14z M3,2h3v12h-3z",
  reverse: "M8,2 8,14 1,8z M15,2 15,14 8,8z",
  loop: "M4,3h7a4,4 0 0,1 4,4v2a4,4 0 0,1-4,4H7v2.6L2.4,12 7,8.4V11h4a2,2 0 0,0 2-2V7a2,2 0 0,0-2-2H4z",
  full: "M1,1h5v2H3v3H1z M10,1h5v5h-2V3h-3z M1,10h2v3h3v2H1z M13,10h2v5h-5v-2h3z",
};

export const icon = (name) => s("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));

export class Controls {
  #typing = false;

  /** run(name): does a command of keys.mjs. setSpeed(n). goTo(typed): what was typed, false where it means nothing. */
  constructor(place, { words, run, setSpeed, goTo, more = [] }) {
    Object.assign(this, { words, run, setSpeed, goTo });
    this.previous = this.#button("previous", "briefing.previous", icon("previous"));
    this.reverse = this.#button("reverse", "briefing.reverse", icon("reverse"));
    this.play = h("button", "control control-play", h("span", "control-icon", icon("play")), h("span", "control-word"));
    this.play.id = "control-toggle";
    this.next = this.#button("next", "briefing.next", icon("next"));
    this.loop = this.#button("loop", "briefing.loop", icon("loop"));
    this.loopIn = this.#button("loop-in", "briefing.loop_in", "[");
    this.loopOut = this.#button("loop-out", "briefing.loop_out", "]");
    this.#prepare(this.play, "toggle");
    this.speed = Object.assign(h("input", "control-speed"), { id: "control-speed", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    this.speed.setAttribute("list", "control-speeds");
    worded(words, this.speed, "briefing.speed", "label");
    const list = Object.assign(h("datalist", "", ...SPEEDS.map((each) => Object.assign(h("option"), { value: `${each}×` }))), { id: "control-speeds" });
    this.slower = this.#button("slower", "briefing.slower", "−");
    this.faster = this.#button("faster", "briefing.faster", "+");
    this.time = Object.assign(h("input", "control-time"), { id: "control-time", autocomplete: "off", spellcheck: false });
    worded(words, this.time, "briefing.time", "label");
    worded(words, this.time, "briefing.time_more", "hint");
    this.#fields();
    place.append(
      h("div", "control-group", this.previous, this.reverse, this.play, this.next),
      h("div", "control-group", this.slower, this.speed, list, this.faster),
      h("div", "control-group", this.loopIn, this.loop, this.loopOut),
      this.time,
      h("div", "control-space"),
      ...more,
    );
  }

  /** replay: of the station. shownMs: of the shown clock. */
  show({ replay, speed, shownMs, rate }) {
    const w = this.words;
    const playing = replay?.playing === true;
    const wanted = `${playing} ${replay?.reverse}`;
    if (this.shownPlay !== wanted) {
      this.shownPlay = wanted;
      this.play.querySelector(".control-icon").replaceChildren(icon(playing ? "pause" : "play"));
    }
    text(this.play.querySelector(".control-word"), w.say(playing ? "briefing.pause" : "briefing.play"));
    this.play.setAttribute("aria-pressed", String(playing));
    this.reverse.setAttribute("aria-pressed", String(replay?.reverse === true));
    this.loop.setAttribute("aria-pressed", String(Boolean(replay?.loop)));
    if (document.activeElement !== this.speed) {
      const value = `${w.number(speed)}×`;
      if (this.speed.value !== value) this.speed.value = value;
    }
    this.speed.title = rate === 1 ? w.say("briefing.speed") : w.say("briefing.speed_exercise", { n: w.number(Math.round(speed * rate)) });
    if (!this.#typing && shownMs !== null) {
      const value = writtenSecond(shownMs);
      if (this.time.value !== value) this.time.value = value;
    }
  }

  /** Let the time be typed. */
  type() {
    this.time.focus();
    this.time.select();
  }

  #button(name, key, content) {
    const button = h("button", "control", content);
    button.id = `control-${name}`;
    worded(this.words, button, key, "label");
    worded(this.words, button, key, "hint");
    this.#prepare(button, name);
    return button;
  }

  #prepare(button, name) {
    button.type = "button";
    button.addEventListener("click", (event) => {
      this.run(name);
      // Whoever points keeps Space for play; whoever tabs keeps their place.
      if (event.detail > 0) button.blur();
    });
  }

  #fields() {
    const { speed, time } = this;
    const takeSpeed = () => {
      const value = parseSpeed(speed.value);
      if (value !== null) this.setSpeed(value);
      speed.blur();
    };
    speed.addEventListener("focus", () => speed.select());
    speed.addEventListener("change", takeSpeed);
    time.addEventListener("focus", () => ((this.#typing = true), time.select()));
    time.addEventListener("blur", () => {
      this.#typing = false;
      time.removeAttribute("aria-invalid");
    });
    for (const field of [speed, time]) {
      field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          event.preventDefault();
          field.blur();
        }
        if (event.key !== "Enter") return;
        if (field === speed) takeSpeed();
        else if (this.goTo(time.value) !== false) time.blur();
        else time.setAttribute("aria-invalid", "true");
      });
    }
    time.addEventListener("input", () => time.removeAttribute("aria-invalid"));
  }
}
