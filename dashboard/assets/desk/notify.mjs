// Browser notifications by rule: only of what came while the page was open, only where the person switched them on.

import { titleOf } from "../advisories.mjs";

export const RULES = ["scramble", "advisory", "feed", "record"];

/** What each rule would speak of in a picture: { rule: Map(key → words) }. */
function speaking(tree, words) {
  const of = (object, test, say) => new Map(Object.entries(object ?? {}).filter(([, item]) => test(item)).map(([key, item]) => [key, say(key, item)]));
  return {
    scramble: of(tree.scrambles, ({ state }) => state === "start", (key, { country }) => words.say("desk.notify.says.scramble", { nation: words.national(country) })),
    advisory: of(tree.advisories, ({ state, severity }) => state === "on" && severity === "alarm", (key, item) => titleOf(key, item, words.lang)),
    feed: of(tree.feeds, ({ state }) => state === "dead", (key) => words.say("desk.notify.says.feed", { feed: key })),
    record: of(tree.records, ({ broken, unit }) => broken === true && !unit, (key, { value }) => words.say("desk.notify.says.record", { value: words.number(value) })),
  };
}

/** Tells what a picture has that the one before had not. The first picture of a page tells nothing. */
export class Notifier {
  #known = null;

  /** own: what the person keeps. show(title, { rule, key }): puts it up. */
  constructor({ own, words, show = notification }) {
    Object.assign(this, { own, words, show });
  }

  isOn(rule) {
    return this.own.get("notify", {})[rule] === true;
  }

  set(rule, on) {
    this.own.set("notify", { ...this.own.get("notify", {}), [rule]: on });
  }

  look(tree) {
    const now = speaking(tree, this.words);
    const before = this.#known;
    this.#known = now;
    if (before === null) return;
    for (const rule of RULES) {
      if (!this.isOn(rule)) continue;
      for (const [key, said] of now[rule]) if (!before[rule].has(key)) this.show(said, { rule, key });
    }
  }
}

export const mayNotify = () => globalThis.Notification?.permission ?? "unsupported";

function notification(title, { rule, key }) {
  if (mayNotify() !== "granted") return;
  const shown = new Notification(title, { tag: `watchfloor-${rule}-${key}`, body: "Watchfloor" });
  shown.onclick = () => {
    focus();
    shown.close();
  };
}
