// The one big mark: live, exercise, link lost, store lost, waiting; and the banner over the picture.

import { h, text } from "./build.mjs";
import { zuluSeconds } from "./clock.mjs";

/**
 * What is to be said of the picture as a whole.
 * link: { state, lostAtMs, attempt, closeCode, closeReason }. store: { state: "ok" | "lost", lostAtMs }.
 * instant: of clock.mjs. tree: the picture or null. replay: whether it is replayed; then `kind` is "replay" in place of
 * all that say how the present is, and an exercise's is told by `exercise` alone.
 * Returns { kind, exercise, banner } where kind is one of: waiting, link-lost, store-lost, exercise,
 * exercise-lost, exercise-ended, exercise-waiting, live, no-feed (the link is well, but no source answers);
 * `broken` when the picture is not of now.
 */
export function statusOf({ link, store, tree, instant, replay = false }) {
  const exercise = tree?.status === "exercise";
  if (tree === null) return { kind: "waiting", exercise, broken: true };
  if (link.state !== "up") return { kind: "link-lost", exercise, broken: true };
  if (store.state === "lost") return { kind: "store-lost", exercise, broken: true };
  if (replay) return { kind: "replay", exercise, broken: false };
  const answers = Object.values(tree.feeds ?? {}).some(({ state }) => state === "fresh" || state === "quiet");
  if (!exercise) return { kind: answers ? "live" : "no-feed", exercise, broken: false };
  if (instant.state === "ended") return { kind: "exercise-ended", exercise, broken: false };
  if (instant.state === "lost") return { kind: "exercise-lost", exercise, broken: false };
  if (instant.state === "unknown") return { kind: "exercise-waiting", exercise, broken: false };
  return { kind: "exercise", exercise, broken: false };
}

/** "×300", "×1", "×0.5". */
export const speedText = (speed, words) => words.say("unit.times", { n: words.number(speed) });

/** Shows a status. Called often: touches only what changed. */
export class StatusView {
  constructor(root, words) {
    this.words = words;
    this.root = root;
    this.status = root.querySelector("#mark-status");
    this.link = root.querySelector("#mark-link");
    this.banner = root.querySelector("#banner");
    this.replay = root.querySelector("#mark-replay");
  }

  show(status, { link, store, instant, serverNow, title, replay = false }) {
    const w = this.words;
    const page = document.documentElement.dataset;
    page.kind = status.kind;
    page.replay = String(replay);
    page.broken = String(status.broken);
    page.exercise = String(status.exercise);

    const speed = instant.speed && instant.state === "running" && !status.broken ? speedText(instant.speed, w) : "";
    const main = {
      waiting: w.say("mark.waiting"),
      live: w.say("mark.live"),
      "no-feed": w.say("mark.no_feed"),
      "exercise-ended": w.say("mark.exercise_ended"),
      "exercise-waiting": w.say("mark.exercise_waiting"),
      "exercise-lost": w.say("mark.exercise_clock_lost"),
    }[status.kind];
    // In an exercise its mark stays, whatever else is wrong.
    const exercise = instant.state === "ended" ? w.say("mark.exercise_ended") : w.say("mark.exercise");
    this.#markReplay(replay ? w.say("mark.replay") : "");
    this.#mark(this.status, main ?? (status.exercise ? exercise : ""), status.exercise ? speed : "");
    this.status.title = status.exercise ? title : "";
    const lost = { "link-lost": "mark.link_lost", "store-lost": "mark.store_lost" }[status.kind];
    this.#mark(this.link, lost ? w.say(lost) : "", "");
    const said = [replay ? w.say("mark.replay") : "", lost ? w.say(lost) : main ?? (status.exercise ? exercise : "")];
    const titled = [...said, w.say("app.name")].filter(Boolean).join(" · ");
    if (document.title !== titled) document.title = titled;
    this.#showBanner(status, { link, store, serverNow, replay });
  }

  /** The mark that nothing replayed is without; a screen that replays nothing has no place for it. */
  #markReplay(label) {
    if (!this.replay && label) {
      this.replay = h("div", "mark mark-replay");
      this.replay.id = "mark-replay";
      this.status.parentElement.append(this.replay);
    }
    if (this.replay) this.#mark(this.replay, label, "");
  }

  #mark(element, label, extra) {
    const wanted = extra ? `${label} ${extra}` : label;
    if (element.dataset.shown === wanted) return;
    element.dataset.shown = wanted;
    element.replaceChildren(...(label ? [h("i", "shape"), h("b", "", label), extra ? h("span", "extra", extra) : ""] : []));
    element.hidden = !label;
  }

  #showBanner(status, { link, store, serverNow, replay }) {
    const w = this.words;
    let lines = [];
    const since = (ms) => ({ since: zuluSeconds(ms), age: w.age(serverNow - ms) });
    if (link.foreign) {
      lines = [w.say("banner.theatre", { asked: link.foreign }), w.say("banner.theatre_more", { theatre: w.atlas.name })];
    } else if (link.closeCode === 4002) {
      lines = [w.say("mark.link_lost"), w.say("banner.protocol")];
    } else if (status.kind === "waiting") {
      lines = replay
        ? [w.say("replay.waiting"), w.say("replay.waiting_more")]
        : [w.say("banner.waiting"), w.say("banner.waiting_more")];
      if (link.attempt > 2) {
        lines.push(w.say("banner.waiting_retry", { since: zuluSeconds(link.startedAtMs), attempt: link.attempt }));
      }
    } else if (status.kind === "link-lost") {
      lines = [w.say("banner.link_lost"), w.say("banner.link_lost_more", since(link.lostAtMs)), w.say("banner.frozen")];
    } else if (status.kind === "store-lost") {
      lines = [
        w.say("banner.store_lost"),
        w.say("banner.store_lost_more", since(store.lostAtMs)),
        w.say("banner.frozen"),
      ];
    }
    this.banner.hidden = lines.length === 0;
    if (this.banner.childElementCount !== lines.length) {
      this.banner.replaceChildren(...lines.map((_, at) => h(at ? "p" : "strong")));
    }
    lines.forEach((value, at) => text(this.banner.children[at], value));
  }
}
