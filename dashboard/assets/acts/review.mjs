// The review queue: what the reader was too unsure of. A person mends and publishes it, or dismisses it.

import { h, text } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { Readings } from "./readings.mjs";
import { isOk, request } from "./sending.mjs";
import { Queue } from "./waiting.mjs";

export function review(context) {
  const { words } = context;
  const dialog = new ActDialog(context, { name: "review", title: words.say("act.review"), about: words.say("act.review.more"), size: "full", word: "act.review.publish" });
  context.pickPosition = context.pick ? () => dialog.aside(context.pick) : undefined;
  const readings = new Readings(context, { counted: () => look() });
  const reason = h("p", "act-reason");
  const comment = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
  const place = h("div", "act-queue-place", reason, readings.element, h("div", "act-grid one", comment.element));
  place.hidden = true;
  const dismiss = h("button", "act-button", words.say("act.review.dismiss"));
  dismiss.type = "button";
  dialog.buttons.insertBefore(dismiss, dialog.send);
  let entry = null;
  let decision = "publish";
  const look = () => {
    dialog.send.disabled = readings.chosen.length === 0 || entry === null;
    dismiss.disabled = entry === null;
  };
  const shown = async (chosen) => {
    entry = chosen;
    place.hidden = chosen === null;
    look();
    if (chosen === null) return;
    text(reason, [chosen.path, chosen.reason].filter(Boolean).join(" · "));
    comment.set(undefined);
    let answer = null;
    try {
      answer = await request("POST", "/api/v1/readings", { text: chosen.text, published_at: chosen.received_at });
    } catch {
      answer = null;
    }
    if (entry !== chosen) return;
    const understood = answer && isOk(answer.status) ? answer.body : { lang: "und", readings: [], left: [] };
    readings.show({ text: chosen.text }, understood);
    // Each is too unsure by the rule that sent it here: a person says which is right.
    for (const card of readings.cards) card.tick.checked = readings.cards.length === 1;
    look();
  };
  const queue = new Queue(context, { path: "review", label: words.say("act.review"), choose: shown, empty: words.say("act.review.none") });
  dialog.body.append(h("div", "act-two", queue.element, place));
  dialog.first = async () => {
    dialog.tell("busy", words.say("act.loading"));
    dialog.send.disabled = true;
    await queue.load();
    dialog.tell("", "");
    look();
    queue.list.focus();
  };
  dismiss.addEventListener("click", () => {
    decision = "dismiss";
    dialog.submit().finally(() => {
      decision = "publish";
    });
  });
  dialog.touched = () => entry !== null && (readings.touched || Boolean(comment.raw()));
  dialog.raw = () => ({ entry: entry?.entry, note: comment.raw() });
  dialog.restore = () => {};
  dialog.check = () => entry !== null && (decision === "dismiss" || (readings.chosen.length > 0 && readings.chosen.every((card) => card.check())));
  dialog.act = () => {
    const note = comment.value();
    const more = note ? { note } : {};
    const settle = { act: "settle", review: entry.entry };
    if (decision === "dismiss") return { ...settle, decision, ...more };
    // The first settles the entry; what else the text says is published beside it.
    const [first, ...others] = readings.chosen;
    return [...others.map((card) => ({ card: card.n, act: "publish", event: card.event(), ...more })), { card: first.n, ...settle, decision, event: first.event(), ...more }];
  };
  dialog.doneOne = (n) => {
    if (n !== undefined) readings.cards[n].done();
  };
  dialog.stays = () => {
    const done = entry.entry;
    queue.gone(done).then(() => queue.list.focus());
    return true;
  };
  dialog.refused = ({ status, body }, n) => {
    if (status === 404) {
      dialog.tell("wrong", words.say("act.queue.settled"));
      queue.gone(entry.entry);
      return true;
    }
    if (n === undefined) return false;
    readings.cards[n].raise((body.parameter ?? "").replace(/^event\.?/, ""), body.detail ?? body.title ?? "");
    return true;
  };
  return dialog.open();
}
