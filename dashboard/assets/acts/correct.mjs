// Correcting an event: a form of its own fields, of which only what was changed is sent, on top of a known revision.

import { h } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { beside, notice } from "./differences.mjs";
import { areFit, field } from "./fields.mjs";
import { EventForm } from "./form.mjs";
import { itemLine } from "./item.mjs";
import { KINDS } from "./kinds.mjs";
import { follow, itemOf, latest } from "./watch.mjs";

/** Opens on the newest revision that can be had; a draft stands on the revision that it was begun on. */
export async function correct(context) {
  const { words, ids } = context;
  const id = ids[0];
  const found = latest(await itemOf(id)) ?? (context.event && { event: context.event, revision: context.revision ?? context.event.revision ?? 1, by: "", feed: context.event.feed });
  if (!found || !KINDS[found.event.kind]) {
    context.say?.(words.say("act.correct.cannot"));
    return null;
  }
  const { kind } = found.event;
  let base = found.event;
  let revision = found.revision;
  let theirs = null;
  const dialog = new ActDialog(context, { name: "correct", item: id, title: words.say("act.correct"), about: itemLine(base, words, id), size: "wide", word: "act.correct.send" });
  context.pickPosition = context.pick ? () => dialog.aside(context.pick) : undefined;
  const form = new EventForm(context, kind);
  form.set(base);
  const reason = field("text", { words, path: "note", label: words.say("act.reason"), most: 1000, needed: true, wide: true });
  const none = h("p", "act-error");
  dialog.body.append(form.element, h("div", "act-grid one", reason.element), none);
  dialog.first = () => form.focus();
  const mark = () => {
    const mine = form.changes(base);
    for (const [path, made] of form.all) made.say(Object.hasOwn(mine, path) ? words.say("act.changed_mark") : "");
    if (Object.keys(mine).length) none.textContent = "";
  };
  form.element.addEventListener("input", mark);

  /** The form stands on theirs now; what was typed here stays on top, or is given up. */
  const rebase = (keepMine) => {
    const mine = keepMine ? form.changes(base) : {};
    base = theirs.event;
    revision = theirs.revision;
    theirs = null;
    form.set(base);
    for (const [path, value] of Object.entries(mine)) form.put(path, value ?? undefined);
    mark();
    dialog.notice.hidden = true;
    dialog.notice.replaceChildren();
    dialog.keep();
    dialog.tell("", words.say(keepMine ? "act.changed.applied" : "act.changed.taken", { revision }));
    form.focus();
  };
  const tell = (now) => {
    if (now.revision <= revision || theirs?.revision === now.revision) return;
    theirs = now;
    const rows = beside(form, base, theirs.event, form.changes(base));
    dialog.notice.replaceChildren(...notice({ words, form, theirs, rows, take: () => rebase(false), apply: () => rebase(true) }));
    dialog.notice.hidden = false;
  };
  dialog.ended = follow(context.station, id, { revision: () => Math.max(revision, theirs?.revision ?? 0), news: tell });

  dialog.touched = () => Object.keys(form.changes(base)).length > 0 || [...form.all.values()].some((made) => made.bad()) || Boolean(reason.raw());
  dialog.raw = () => ({ base, revision, fields: form.raw(), note: reason.raw() });
  dialog.restore = (raw) => {
    const now = { ...found };
    base = raw.base;
    revision = raw.revision;
    form.set(base);
    form.restore(raw.fields);
    reason.restore(raw.note);
    mark();
    tell(now);
  };
  dialog.anew = () => {
    form.set(base);
    reason.set(undefined);
    mark();
  };
  dialog.check = () => {
    if (!form.check()) return false;
    if (!Object.keys(form.changes(base)).length) {
      none.textContent = words.say("act.correct.nothing");
      form.focus();
      return false;
    }
    if (!areFit([reason])) return false;
    if (theirs) {
      dialog.notice.querySelector("button")?.focus();
      return false;
    }
    return true;
  };
  dialog.act = () => ({ act: "correct", id, revision, changes: form.changes(base), note: reason.value() });
  dialog.refused = ({ status, body }) => {
    if (status === 409 && body.current) {
      tell({ event: body.current, revision: body.current.revision ?? revision + 1, by: body.by ?? body.current.by ?? "", feed: body.current.feed });
      dialog.tell("wrong", words.say("act.changed.not_sent"));
      dialog.notice.querySelector("button")?.focus();
      return true;
    }
    if (body.parameter === "note") {
      reason.raise(body.detail);
      reason.focus();
      return true;
    }
    return Boolean(body.parameter) && form.raise(body.parameter, body.detail);
  };
  return dialog.open();
}

/** Retract (it was not so) and restore (it was, after all): a reason, on top of a known revision. */
const SAID = {
  retract: { title: "act.retract", more: "act.retract.more", send: "act.retract.send" },
  restore: { title: "act.restore", more: "act.restore.more", send: "act.restore.send" },
};

async function withReason(context, name) {
  const { words, ids } = context;
  const id = ids[0];
  const found = latest(await itemOf(id)) ?? { event: context.event, revision: context.revision ?? context.event?.revision ?? 1 };
  let { revision } = found;
  const dialog = new ActDialog(context, { name, item: id, title: words.say(SAID[name].title), about: itemLine(found.event, words, id), word: SAID[name].send, size: "short" });
  const reason = field("text", { words, path: "note", label: words.say("act.reason"), most: 1000, needed: true });
  dialog.body.append(h("p", "act-about", words.say(SAID[name].more)), h("div", "act-grid one", reason.element));
  const tell = (now) => {
    if (now.revision <= revision) return;
    const known = KINDS[now.event.kind];
    const form = known ? new EventForm(context, now.event.kind) : null;
    const rows = form ? beside(form, found.event ?? {}, now.event, {}) : [];
    const on = () => {
      revision = now.revision;
      found.event = now.event;
      dialog.notice.hidden = true;
      dialog.tell("", words.say("act.changed.seen", { revision }));
      reason.focus();
    };
    dialog.notice.replaceChildren(...notice({ words, form: form ?? { all: new Map(), label: (path) => path }, theirs: now, rows, take: () => dialog.leave(), apply: on }));
    dialog.notice.hidden = false;
  };
  dialog.ended = follow(context.station, id, { revision: () => revision, news: tell });
  dialog.touched = () => Boolean(reason.raw());
  dialog.raw = () => ({ note: reason.raw() });
  dialog.restore = (raw) => reason.restore(raw.note);
  dialog.anew = () => reason.set(undefined);
  dialog.check = () => {
    if (!areFit([reason])) return false;
    if (!dialog.notice.hidden) dialog.notice.querySelector("button")?.focus();
    return dialog.notice.hidden;
  };
  dialog.act = () => ({ act: name, id, revision, note: reason.value() });
  dialog.refused = ({ status, body }) => {
    if (status === 409 && body.current) {
      tell({ event: body.current, revision: body.current.revision ?? revision + 1, by: body.by ?? "", feed: body.current.feed });
      dialog.tell("wrong", words.say("act.changed.not_sent"));
      dialog.notice.querySelector("button")?.focus();
      return true;
    }
    if (body.parameter !== "note") return false;
    reason.raise(body.detail);
    reason.focus();
    return true;
  };
  return dialog.open();
}

export const retract = (context) => withReason(context, "retract");
export const restore = (context) => withReason(context, "restore");
