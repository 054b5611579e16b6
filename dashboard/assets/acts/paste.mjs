// Pasting a text: the reader says what it understood, a person mends, drops and adds, and publishes what is right.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { areFit, field, raised } from "./fields.mjs";
import { Readings } from "./readings.mjs";
import { isOk, request } from "./sending.mjs";

export function paste(context) {
  const { words } = context;
  const dialog = new ActDialog(context, { name: "paste", title: words.say("act.paste"), about: words.say("act.paste.more"), size: "full", word: "act.paste.read" });
  context.pickPosition = context.pick ? () => dialog.aside(context.pick) : undefined;
  const made = (type, path, more = {}) => field(type, { words, now: context.now, path, label: words.say(`act.paste.${path}`), ...more });
  const fields = {
    text: made("text", "text", { rows: 12, most: 200_000, needed: true, wide: true }),
    published_at: made("instant", "published_at"),
    claimant: made("pick", "claimant", { kind: "claimant" }),
    title: made("text", "title"),
    link: made("text", "link", { most: 2000 }),
  };
  const all = Object.values(fields);
  const source = h("div", "act-grid", ...all.map(({ element }) => element));
  const comment = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
  const readings = new Readings(context, { counted: () => look() });
  const back = h("button", "act-small", words.say("act.paste.back"));
  back.type = "button";
  const result = h("div", "act-result", h("div", "act-result-head", back), readings.element, h("div", "act-grid one", comment.element));
  result.hidden = true;
  dialog.body.append(source, result);
  dialog.first = () => (result.hidden ? fields.text.focus() : readings.cards[0]?.summary.focus());

  const look = () => {
    const n = readings.chosen.length;
    dialog.send.textContent = result.hidden ? words.say("act.paste.read") : words.say("act.paste.publish", { n });
    dialog.send.disabled = !result.hidden && n === 0;
  };
  const show = (isResult) => {
    result.hidden = !isResult;
    source.hidden = isResult;
    look();
  };
  back.addEventListener("click", () => {
    show(false);
    fields.text.focus();
  });

  const read = async () => {
    if (!areFit(all)) return;
    const asked = Object.fromEntries(all.map((one) => [one.path, one.value()]).filter(([, value]) => value !== undefined));
    // The spans count the characters of the text as it was sent.
    asked.text = fields.text.raw();
    dialog.tell("busy", words.say("act.paste.reading"));
    let answer;
    try {
      answer = await request("POST", "/api/v1/readings", asked);
    } catch {
      dialog.tell("wrong", words.say("act.paste.no_reader"));
      return;
    }
    if (!isOk(answer.status)) {
      const { detail = "" } = answer.body;
      if (answer.status === 401) dialog.sessionEnded();
      else if (raised(fields, answer.body)) dialog.tell("", "");
      else dialog.tell("wrong", words.say("act.error.refused", { said: detail || answer.body.title || words.say("act.error.status", { status: answer.status }) }));
      return;
    }
    dialog.tell("", words.say("act.paste.understood", { n: answer.body.readings.length }));
    readings.show({ text: asked.text, title: asked.title, link: asked.link }, answer.body);
    show(true);
    dialog.keep();
    dialog.first();
  };

  const submit = dialog.submit.bind(dialog);
  dialog.submit = () => (result.hidden ? read() : submit());
  dialog.touched = () => all.some((one) => (one === fields.claimant ? one.value() !== undefined : Boolean(one.raw())));
  dialog.raw = () => ({ fields: Object.fromEntries(all.map((one) => [one.path, one.raw()])), note: comment.raw(), readings: result.hidden ? null : readings.raw() });
  dialog.restore = (raw) => {
    for (const one of all) one.restore(raw.fields[one.path]);
    comment.restore(raw.note);
    if (raw.readings) {
      readings.restore(raw.readings);
      show(true);
    }
  };
  dialog.anew = () => {
    for (const one of all) one.set(undefined);
    comment.set(undefined);
    show(false);
  };
  dialog.check = () => readings.chosen.every((card) => card.check());
  dialog.act = () => {
    const note = comment.value();
    return readings.chosen.map((card) => ({ card: card.n, act: "publish", event: card.event(), ...(note ? { note } : {}) }));
  };
  dialog.doneOne = (n) => {
    readings.cards[n].done();
    dialog.keep();
  };
  dialog.refused = ({ body }, n) => {
    readings.cards[n].raise(body.parameter ?? "", body.detail ?? body.title ?? "");
    return true;
  };
  return dialog.open();
}
