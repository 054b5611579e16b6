// A briefing as it is worked on: its chapters in order, what was saved of it, and whether somebody saved meanwhile.

import { request } from "../acts/sending.mjs";
import { iso } from "./address.mjs";

const PATH = "/api/v1/briefings";
const EMPTY = { id: "", version: 0, versions: 0, by: "", savedAt: null };

/** The list of briefings, the latest saved first. Rejects where it cannot be had. */
export async function listBriefings(ask = request) {
  const { status, body } = await ask("GET", PATH);
  if (status !== 200) throw new Error(body.detail ?? String(status));
  return body.briefings;
}

/** What can be replayed: [{ epoch, from, to, live }]. Rejects where it cannot be had. */
export async function listNights(ask = request) {
  const { status, body } = await ask("GET", "/api/v1/replay/extent");
  if (status !== 200) throw new Error(body.detail ?? String(status));
  return body.spans;
}

export class BriefingFile {
  saved = { ...EMPTY };
  title = "";
  /** [{ at (ms), title, note, view, pause }], by their time. */
  chapters = [];
  known = "then";
  /** Of which life of the store; "" of the live one. */
  epoch = "";
  range = null;
  dirty = false;
  /** The version that somebody saved meanwhile, or null. */
  theirs = null;
  #changed;

  /** changed(isText): something of it is another; isText where only words were typed. */
  constructor(theatre, changed, ask = request) {
    this.theatre = theatre;
    this.#changed = changed;
    this.ask = ask;
  }

  get isNew() {
    return this.saved.id === "";
  }

  /** Begin another. */
  clear() {
    Object.assign(this, { saved: { ...EMPTY }, title: "", chapters: [], range: null, dirty: false, theirs: null });
    this.#changed();
  }

  /** Open a saved one; version: of an older one. Resolves to "" or why it cannot be. */
  async open(id, version = null) {
    const { status, body } = await this.ask("GET", `${PATH}/${encodeURIComponent(id)}${version ? `?version=${version}` : ""}`).catch(() => ({ status: 0, body: {} }));
    if (status !== 200) return body.detail ?? String(status);
    this.take(body);
    return "";
  }

  /** answer: of the route, or the `current` of a refusal. */
  take(answer) {
    const { id, version, versions, by, saved_at: savedAt, briefing } = answer;
    this.saved = { id, version, versions, by, savedAt: Date.parse(savedAt) };
    this.title = briefing?.title ?? "";
    this.known = briefing?.known ?? "then";
    this.epoch = briefing?.epoch ?? "";
    this.range = briefing ? [Date.parse(briefing.from), Date.parse(briefing.to)] : null;
    this.chapters = (briefing?.chapters ?? []).map(({ at, title, note = "", view = {}, pause = false }) => ({ at: Date.parse(at), title, note, view, pause }));
    Object.assign(this, { dirty: false, theirs: null });
    this.#changed();
  }

  /** Another chapter, in its place; returns its number from 1. */
  add(chapter) {
    const added = { note: "", view: {}, pause: false, ...chapter };
    this.chapters.push(added);
    this.#order();
    return this.chapters.indexOf(added) + 1;
  }

  change(n, changes) {
    const chapter = this.chapters[n - 1];
    if (!chapter) return n;
    Object.assign(chapter, changes);
    if (Object.hasOwn(changes, "at")) this.#order();
    else this.#touch(true);
    return this.chapters.indexOf(chapter) + 1;
  }

  remove(n) {
    this.chapters.splice(n - 1, 1);
    this.#touch();
  }

  entitle(title) {
    this.title = title;
    this.#touch(true);
  }

  /** As it is saved and exported. window: [ms, ms] in sight, for a briefing that says no stretch yet. */
  written(window, title = this.title) {
    const ends = this.chapters.map(({ at }) => at);
    const [from, to] = this.range ?? window;
    const [first, last] = [Math.min(from, ...ends), Math.max(to, ...ends.map((at) => at + 1000))];
    return {
      title,
      theatre: this.theatre,
      from: iso(first),
      to: iso(last),
      known: this.known,
      ...(this.epoch ? { epoch: this.epoch } : {}),
      chapters: this.chapters.map(({ at, title: called, note, view, pause }) => ({
        at: iso(at),
        title: called,
        ...(note ? { note } : {}),
        ...(Object.keys(view ?? {}).length ? { view } : {}),
        ...(pause ? { pause } : {}),
      })),
    };
  }

  /** Save it as the next version. Resolves to "", "stale" where somebody did meanwhile, or why it cannot be. */
  async save(window, title) {
    return this.#post(this.written(window, title));
  }

  /** Take it away: a version that says so. */
  async takeAway() {
    const said = await this.#post(null);
    if (said === "") this.clear();
    return said;
  }

  /** Save over what somebody saved meanwhile. */
  insist() {
    if (!this.theirs) return;
    this.saved = { ...this.saved, version: this.theirs.version };
    this.theirs = null;
    this.#changed();
  }

  async #post(briefing) {
    const { id, version } = this.saved;
    const { status, body } = await this.ask("POST", PATH, { briefing, ...(id ? { id, version } : {}) }).catch(() => ({ status: 0, body: {} }));
    if (status === 409) {
      this.theirs = body.current;
      this.#changed();
      return "stale";
    }
    if (status !== 200) return body.detail ?? String(status);
    this.saved = { ...this.saved, id: body.id, version: body.version, versions: body.version, savedAt: Date.now(), by: "" };
    if (briefing) {
      this.title = briefing.title;
      this.range = [Date.parse(briefing.from), Date.parse(briefing.to)];
    }
    this.dirty = false;
    this.#changed();
    return "";
  }

  #order() {
    this.chapters.sort((a, b) => a.at - b.at);
    this.#touch();
  }

  #touch(isText = false) {
    this.dirty = true;
    this.#changed(isText);
  }
}

/** The number of the chapter that is on at an instant, from 1; 0 before the first. */
export function chapterAt(chapters, ms) {
  let on = 0;
  chapters.forEach(({ at }, n) => {
    if (at <= ms) on = n + 1;
  });
  return on;
}
