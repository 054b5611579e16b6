// Shift handover: what happened since the last one, as a draft to edit, and the last one to read.

import { h, text } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { areFit, field, raised } from "./fields.mjs";
import { shortTime } from "./item.mjs";
import { isOk, request } from "./sending.mjs";
import { itemOf, latest } from "./watch.mjs";

const MOST_REGIONS = 5;

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
  since.holder.append(anew);
  dialog.body.append(h("div", "act-two even", h("div", "", h("div", "act-grid one", since.element, note.element)), h("div", "act-handover-side", lastHead, last)));
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
      else dialog.tell("wrong", words.say("act.handover.lost"));
      return null;
    }
    return answer.body;
  };
  const tellLast = async () => {
    const found = lastHandover(context.tree);
    text(last, found ? words.say("act.handover.by", { by: found.by, at: shortTime(Date.parse(found.at)) }) : words.say("act.handover.never"));
    if (!found) return;
    // The picture holds its beginning, the event all of it.
    const whole = latest(await itemOf(found.id))?.event.note ?? found.note ?? "";
    last.append(h("p", "act-handover-text", whole));
  };
  const write = (body) => {
    if (!body) return;
    if (body.since) since.set(body.since);
    drafted = draftOf(body, words);
    note.set(drafted);
  };
  const loaded = load();
  tellLast();
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
  dialog.check = () => areFit([since, note]);
  dialog.act = () => ({ act: "handover", note: note.value(), ...(since.value() ? { since: since.value() } : {}) });
  dialog.refused = ({ body }) => raised({ note, since }, body);
  return dialog.open();
}

/** The last handover of the log that was not undone: { id, by, at, note }, or undefined. */
function lastHandover(tree) {
  return Object.entries(tree?.log ?? {})
    .map(([key, entry]) => ({ ...entry, id: entry.id ?? key }))
    .filter(({ act, undone }) => act === "handover" && !undone)
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** What happened, a line each, in the page's language. body: of the handover API. */
function draftOf(body, words) {
  const at = (iso) => shortTime(Date.parse(iso));
  const say = (key, values) => words.say(`act.draft_line.${key}`, values);
  const lines = [say("watch", { since: at(body.since), until: at(body.until) })];
  if (body.handed_over_by) lines.push(say("from", { by: body.handed_over_by }));
  const { begun, ended, regions = {} } = body.alerts ?? { begun: 0, ended: 0 };
  const most = Object.entries(regions)
    .sort((a, b) => b[1][0] - a[1][0])
    .filter(([, [n]]) => n > 0)
    .slice(0, MOST_REGIONS)
    .map(([key, [n]]) => `${words.region(key)} ${n}`);
  lines.push(say("alerts", { begun, ended }) + (most.length ? ` (${most.join(", ")})` : ""));
  for (const { country, state, at: when } of body.scrambles ?? []) {
    lines.push(say(state === "end" ? "stood_down" : "scramble", { country: words.country(country), at: at(when) }));
  }
  for (const { feed, state, dead_s: dead } of body.feeds ?? []) {
    lines.push(say("feed", { feed, age: words.age(dead * 1000), state: words.say(`feeds.${state}`) }));
  }
  for (const { act, by, note, about } of body.corrections ?? []) {
    lines.push(say("changed", { what: words.say(`act.log.${act}`), by, note: note || about }));
  }
  for (const { act, by, note, undone_by: undone } of body.log ?? []) {
    if (act === "note" && note && !undone) lines.push(say("note", { by, note }));
  }
  for (const [by, counts] of Object.entries(body.acts ?? {})) {
    lines.push(say("acts", { by, acts: Object.entries(counts).map(([act, n]) => `${words.say(`act.log.${act}`)} ×${n}`).join(", ") }));
  }
  lines.push(say("waiting", { review: body.review ?? 0, quarantine: body.quarantine ?? 0 }));
  return lines.join("\n");
}
