// Shift handover: what happened since the last one, as a draft to edit, and the last one to read.

import { h, text } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { shortTime } from "./item.mjs";
import { isOk, request } from "./sending.mjs";

export async function handover(context) {
  const { words } = context;
  const dialog = new ActDialog(context, { name: "handover", title: words.say("act.handover"), about: words.say("act.handover.more"), size: "wide", word: "act.handover.send" });
  const note = field("text", { words, path: "note", label: words.say("act.handover.text"), rows: 18, most: 9_000, needed: true, wide: true });
  const since = field("instant", { words, path: "since", label: words.say("act.handover.since"), now: context.now });
  const lastHead = h("h3", "act-side-head", words.say("act.handover.last"));
  const last = h("div", "act-handover-last", words.say("act.loading"));
  last.tabIndex = 0;
  last.setAttribute("role", "region");
  last.setAttribute("aria-label", words.say("act.handover.last"));
  const anew = h("button", "act-small", words.say("act.handover.anew"));
  anew.type = "button";
  dialog.body.append(h("div", "act-two even", h("div", "", h("div", "act-grid one", since.element, anew, note.element)), h("div", "act-handover-side", lastHead, last)));
  let drafted = "";
  const load = async (from) => {
    let answer = null;
    try {
      answer = await request("GET", `/api/v1/handover${from ? `?since=${encodeURIComponent(from)}` : ""}`);
    } catch {
      answer = null;
    }
    if (!answer || !isOk(answer.status)) {
      const found = answer?.body.parameter === "since";
      if (found) since.raise(answer.body.detail);
      text(last, words.say("act.handover.lost"));
      return null;
    }
    const { body } = answer;
    const { last: before } = body;
    text(last, before ? words.say("act.handover.by", { by: before.by, at: shortTime(Date.parse(before.at)) }) : words.say("act.handover.never"));
    if (before) last.append(h("p", "act-handover-text", before.note));
    return body;
  };
  const write = (body) => {
    if (!body) return;
    if (body.since) since.set(body.since);
    drafted = draftOf(body);
    note.set(drafted);
  };
  const loaded = load();
  anew.addEventListener("click", async () => {
    if (since.bad()) return since.raise(since.problem());
    write(await load(since.value()));
    dialog.keep();
    return note.focus();
  });
  dialog.first = async () => {
    note.focus();
    const body = await loaded;
    if (!dialog.wasRestored) write(body);
  };
  dialog.touched = () => Boolean(note.raw()) && note.raw() !== drafted;
  dialog.raw = () => ({ note: note.raw(), since: since.raw(), drafted });
  dialog.restore = (raw) => {
    dialog.wasRestored = true;
    drafted = raw.drafted;
    since.restore(raw.since);
    note.restore(raw.note);
  };
  dialog.anew = async () => write(await load());
  dialog.check = () => {
    const wrong = [since, note].filter((one) => {
      const said = one.problem();
      one.raise(said);
      return said;
    });
    wrong[0]?.focus();
    return !wrong.length;
  };
  dialog.act = () => ({ act: "handover", note: note.value(), ...(since.value() ? { since: since.value() } : {}) });
  dialog.refused = ({ body }) => {
    const found = { note, since }[body.parameter];
    if (!found) return false;
    found.raise(body.detail);
    found.focus();
    return true;
  };
  return dialog.open();
}

/** The draft's text: what the server wrote, or the lines of what it says. */
export function draftOf(body) {
  return body.note ?? body.draft ?? body.text ?? "";
}
