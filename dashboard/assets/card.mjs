// The card that says where a number is from: claimant, feed, grade, ages, and the sentence with the figure marked.

import { h } from "./build.mjs";
import { dateTimeGroup } from "./clock.mjs";
import { bestState, isStale, leadWitness } from "./freshness.mjs";
import { isAhead } from "./words.mjs";

/** A quote as [before, figure, behind]; its places count characters, not UTF-16 units. */
export function quoteParts({ text, start, end }) {
  const characters = Array.from(text);
  const cut = (a, b) => characters.slice(a, b).join("");
  return [cut(0, start), cut(start, end), cut(end)];
}

/**
 * The card's inside for something that sources state. witnesses: Sources. quote: a Quote or undefined.
 * instant: the shown instant, to tell the age of what was published in an exercise's own time.
 */
export function sourceCard({ heading, witnesses, quote, notes = [], tree, words, serverNow, instant }) {
  const parts = [h("div", "card-heading", heading)];
  if (!witnesses.length) parts.push(h("div", "", words.say("card.no_source")));
  else {
    const lead = leadWitness(witnesses);
    const state = bestState(witnesses, tree.feeds);
    if (lead.claimant) parts.push(h("div", "card-claimant", words.say("card.says", { claimant: words.claimant(lead.claimant) })));
    if (quote) {
      const [before, figure, behind] = quoteParts(quote);
      const sentence = h("blockquote", "", before, h("mark", "", figure), behind);
      sentence.lang = quote.lang ?? "und";
      parts.push(sentence);
    }
    const published = lead.published_at ? Date.parse(lead.published_at) : null;
    const about = [
      words.say("card.relayed", { feed: lead.feed }),
      words.say("card.grade", { grade: lead.grade ?? "F6" }),
      published === null
        ? ""
        : words.say(isAhead((instant.at ?? serverNow) - published) ? "card.ahead" : "card.published", {
            time: dateTimeGroup(published),
            age: words.age((instant.at ?? serverNow) - published),
          }),
      words.say("card.received", { age: words.age(serverNow - Date.parse(lead.received_at)) }),
      witnesses.length > 1 ? words.say("tonight.witnesses", { n: witnesses.length }) : "",
    ];
    parts.push(h("div", "card-about", about.filter(Boolean).join(" · ")));
    if (isStale(state)) parts.push(h("div", "card-stale", words.say("card.stale", { state: words.say(`feeds.${state}`) })));
  }
  parts.push(...notes.filter(Boolean).map((note) => h("div", "card-note", note)));
  return parts;
}

/** Shows the card beside what is pointed at or focused. It takes no pointer and no focus itself. */
export class Card {
  constructor(root) {
    this.element = root.querySelector("#card");
    this.element.hidden = true;
    this.sources = [];
    for (const [type, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      root.addEventListener(type, (event) => (on ? this.#enter(event) : this.#leave(event)));
    }
  }

  /** Register what elements matching `selector` say. inside(element) returns nodes, or null for no card. */
  of(selector, inside) {
    this.sources.push([selector, inside]);
  }

  #enter(event) {
    for (const [selector, inside] of this.sources) {
      const target = event.target.closest?.(selector);
      if (!target) continue;
      const nodes = inside(target);
      if (nodes) this.at(nodes, target.getBoundingClientRect());
      return;
    }
  }

  #leave(event) {
    if (!event.relatedTarget || !this.sources.some(([selector]) => event.relatedTarget.closest?.(selector))) this.hide();
  }

  /** Show nodes beside a rectangle of the window. */
  at(nodes, box) {
    const card = this.element;
    card.replaceChildren(...nodes);
    card.hidden = false;
    const { width, height } = card.getBoundingClientRect();
    const gap = 8;
    const left = box.left - width - gap > 0 ? box.left - width - gap : Math.min(innerWidth - width - gap, box.left);
    const top = box.left - width - gap > 0 ? box.top : box.bottom + gap + height < innerHeight ? box.bottom + gap : box.top - height - gap;
    card.style.left = `${Math.max(gap, left)}px`;
    card.style.top = `${Math.max(gap, Math.min(innerHeight - height - gap, top))}px`;
  }

  hide() {
    this.element.hidden = true;
  }
}
