// The quarantine: what could not be taken, whole, with the reason. It is tried again, or let go.

import { h, text } from "../build.mjs";
import { ActDialog } from "./dialog.mjs";
import { field } from "./fields.mjs";
import { visible } from "./spans.mjs";
import { Queue } from "./waiting.mjs";

export function quarantine(context) {
  const { words } = context;
  const dialog = new ActDialog(context, { name: "quarantine", title: words.say("act.quarantine"), about: words.say("act.quarantine.more"), size: "full", word: "act.quarantine.retry" });
  const reason = h("p", "act-reason");
  const payload = h("pre", "act-payload");
  payload.tabIndex = 0;
  payload.setAttribute("role", "region");
  payload.setAttribute("aria-label", words.say("act.quarantine.payload"));
  const cut = h("p", "act-note");
  const comment = field("text", { words, path: "note", label: words.say("act.comment"), most: 1000, wide: true });
  const place = h("div", "act-queue-place", reason, payload, cut, h("div", "act-grid one", comment.element));
  place.hidden = true;
  const letGo = h("button", "act-button", words.say("act.quarantine.let_go"));
  letGo.type = "button";
  dialog.buttons.insertBefore(letGo, dialog.send);
  let entry = null;
  let act = "retry";
  const look = () => {
    dialog.send.disabled = entry === null;
    letGo.disabled = entry === null;
  };
  const shown = (chosen) => {
    entry = chosen;
    place.hidden = chosen === null;
    look();
    if (chosen === null) return;
    text(reason, words.say("act.quarantine.why", { path: chosen.path, reason: chosen.reason }));
    text(payload, visible(chosen.text));
    text(cut, chosen.is_cut ? words.say("act.quarantine.cut", { n: words.number(chosen.size) }) : "");
    comment.set(undefined);
  };
  const queue = new Queue(context, { path: "quarantine", label: words.say("act.quarantine"), choose: shown, empty: words.say("act.quarantine.none") });
  dialog.body.append(h("div", "act-two", queue.element, place));
  dialog.first = async () => {
    dialog.tell("busy", words.say("act.loading"));
    dialog.send.disabled = true;
    await queue.load();
    dialog.tell("", "");
    look();
    queue.list.focus();
  };
  letGo.addEventListener("click", () => {
    act = "let-go";
    dialog.submit().finally(() => {
      act = "retry";
    });
  });
  dialog.touched = () => entry !== null && Boolean(comment.raw());
  dialog.raw = () => ({ note: comment.raw() });
  dialog.restore = () => {};
  dialog.check = () => entry !== null;
  dialog.act = () => ({ act, quarantine: entry.entry, ...(comment.value() ? { note: comment.value() } : {}) });
  dialog.stays = () => {
    queue.gone(entry.entry).then(() => queue.list.focus());
    return true;
  };
  dialog.refused = ({ status, body }) => {
    if (status === 404) {
      dialog.tell("wrong", words.say("act.queue.settled"));
      queue.gone(entry.entry);
      return true;
    }
    if (status !== 422) return false;
    dialog.tell("wrong", words.say("act.quarantine.again", { reason: body.detail }));
    dialog.status.focus();
    return true;
  };
  return dialog.open();
}
