// The card of one aircraft: who it is, how it flies, and how long ago that was.

import { h } from "./build.mjs";
import { mgrs } from "./mgrs.mjs";

/** Nodes for a Card. item: of `Overlay.at`, of kind "track". at: the server's clock, in milliseconds. */
export function trackCard({ key, label, track }, words, at) {
  const { callsign, type, altitudeFt, speedKt, course, ground, military, anonymous, byHand, affiliation, seenMs, feed, lon, lat } = track;
  const who = [
    words.say(`track.${affiliation}`),
    words.say(military ? "track.military" : "track.civil"),
    type,
    callsign ? key.toUpperCase() : "",
  ];
  const how = [
    ground ? words.say("track.ground") : altitudeFt === null ? "" : words.say("track.feet", { n: words.number(Math.round(altitudeFt)) }),
    speedKt === null ? "" : words.say("track.speed", { n: words.number(Math.round(speedKt)) }),
    course === null ? "" : words.say("track.course", { n: String(Math.round(course) % 360).padStart(3, "0") }),
  ];
  const line = (parts, className = "") => h("div", className, parts.filter(Boolean).join(" · "));
  return [
    h("div", "card-heading", label),
    line(who),
    line(how),
    line([mgrs(lon, lat) ?? ""]),
    line([words.say("card.relayed", { feed }), words.say("track.seen", { age: words.age(at - seenMs) })], "card-about"),
    ...(anonymous ? [h("div", "card-note", words.say("track.anonymous"))] : []),
    ...(byHand ? [h("div", "card-note", words.say("track.by_hand"))] : []),
  ].filter((node) => node.textContent);
}
