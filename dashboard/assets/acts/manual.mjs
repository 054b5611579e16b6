// Entering by hand what a feed would have said: an alert, a scramble, a threat, a track, a closure, a strike, a raid report.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { EventForm } from "./form.mjs";
import { kindWord } from "./item.mjs";
import { nested } from "./paths.mjs";

export const BY_HAND = ["alert", "scramble", "threat", "track", "restriction", "strike", "raid_report"];

/** The event that the values of a form make; a track is a sweep of one. */
function eventOf(kind, values) {
  if (kind !== "track") return { kind, ...nested(values) };
  const { position, claimant, reliability, credibility, published_at, key, ...said } = values;
  const own = key ?? `desk-${(said.callsign ?? crypto.randomUUID()).toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 32)}`;
  const track = nested({ key: own, ...said, lon: position?.lon, lat: position?.lat });
  return { kind: "tracks", ...nested({ claimant, reliability, credibility, published_at }), tracks: [track] };
}

/** kind: one of BY_HAND, to begin with. fixed: there is no other. */
export function byHand(context, kind = BY_HAND[0], fixed = false) {
  const { words } = context;
  const dialog = new ActDialog(context, {
    name: fixed ? `by-hand-${kind}` : "by-hand",
    title: fixed ? words.say(`act.by_hand.${kind}`) : words.say("act.by_hand"),
    about: words.say("act.by_hand.more"),
    size: "wide",
    word: "act.publish",
  });
  context.pickPosition = context.pick ? () => dialog.aside(context.pick) : undefined;
  const chooser = field("choice", { words, path: "kind", label: words.say("act.field.kind"), of: BY_HAND.map((name) => [name, kindWord(name, words)]) });
  const comment = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
  const place = h("div", "act-place");
  let form;
  let blank;
  const make = (name) => {
    form = new EventForm(context, name);
    form.begin();
    blank = JSON.stringify(form.raw());
    place.replaceChildren(form.element);
  };
  chooser.set(kind);
  make(kind);
  chooser.control.addEventListener("change", () => make(chooser.value()));
  if (!fixed) dialog.body.append(h("div", "act-grid", chooser.element));
  dialog.body.append(place, h("div", "act-grid one", comment.element));
  dialog.first = () => (fixed ? form.focus() : chooser.focus());
  dialog.touched = () => JSON.stringify(form.raw()) !== blank || Boolean(comment.raw());
  dialog.raw = () => ({ kind: form.kind, fields: form.raw(), note: comment.raw() });
  dialog.restore = (raw) => {
    chooser.set(raw.kind);
    make(raw.kind);
    form.restore(raw.fields);
    comment.restore(raw.note);
  };
  dialog.anew = () => {
    make(form.kind);
    comment.set(undefined);
  };
  dialog.check = () => form.check();
  dialog.act = () => {
    const note = comment.value();
    return { act: "publish", event: eventOf(form.kind, form.values()), ...(note ? { note } : {}) };
  };
  dialog.refused = ({ body }) => Boolean(body.parameter) && form.raise(body.parameter, body.detail);
  return dialog.open();
}
