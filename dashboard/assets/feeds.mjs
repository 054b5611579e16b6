// The header's line of feeds: how many are fresh, quiet, slow and dead, and which, with their ages.

import { h } from "./build.mjs";
import { STATES, feedsByState } from "./freshness.mjs";

export class FeedsView {
  constructor(root, words) {
    this.element = root.querySelector("#feeds");
    this.words = words;
  }

  /** unreadable: how many entries of the streams the picture could not read, and lacks. */
  show(feeds = {}, unreadable = 0) {
    const w = this.words;
    const named = feedsByState(feeds);
    const total = Object.keys(feeds).length;
    if (total === 0) {
      this.element.replaceChildren(h("span", "feed feed-none", w.say("feeds.none")));
      return;
    }
    this.element.replaceChildren(
      h("span", "feeds-label", w.say("feeds.label")),
      ...STATES.filter((state) => named[state].length || state === "fresh" || state === "dead").map((state) =>
        h(
          "span",
          `feed feed-${state}${named[state].length ? "" : " feed-zero"}`,
          h("i", "shape"),
          h("b", "", String(named[state].length)),
          ` ${w.say(`feeds.${state}`)}`,
        ),
      ),
      ...(unreadable ? [h("span", "feed feed-unreadable", h("b", "", w.say("feeds.unreadable", { n: unreadable })))] : []),
    );
  }

  /** What the card says of the feeds: one line each, worst first. */
  cardLines({ feeds = {}, unreadable = 0 }, serverNow) {
    const w = this.words;
    const since = (iso) => w.age(serverNow - Date.parse(iso));
    const lines = Object.entries(feeds)
      .sort(([a, x], [b, y]) => STATES.indexOf(y.state) - STATES.indexOf(x.state) || a.localeCompare(b))
      .map(([name, feed]) =>
        [
          `${name}: ${w.say(`feeds.${feed.state}`)}`,
          feed.spoke_at ? w.say("feeds.spoke", { age: since(feed.spoke_at) }) : w.say("feeds.never"),
          w.say("feeds.checked", { age: since(feed.checked_at) }),
          this.#delay(feed.delay_s),
          feed.detail ?? "",
        ]
          .filter(Boolean)
          .join(" · "),
      );
    return unreadable ? [w.say("feeds.lacking", { n: unreadable }), ...lines] : lines;
  }

  /** How far the source's own time was from ours; a second either way is the network's. */
  #delay(delay_s = 0) {
    if (Math.abs(delay_s) < 1) return "";
    return this.words.say(delay_s > 0 ? "feeds.behind" : "feeds.ahead", { age: this.words.age(Math.abs(delay_s) * 1000) });
  }
}
