// The page of chapters: the list to go by, and for whoever may save, the editor.

import { h, text } from "../build.mjs";
import { dateTimeGroup, zuluDay, zuluSeconds } from "../clock.mjs";
import { worded } from "../language.mjs";
import { listBriefings, listNights } from "./file.mjs";

export class ChaptersPage {
  #editing = 0;
  #listed = null;
  #spans = [];

  /**
   * file: a BriefingFile. screen: what the page acts on: words, dial, mayEdit, goTo(n), add(), draft(), viewNow(), window(), say(),
   * changed(), parse(typed) → ms or null, confirm(words).
   */
  constructor(place, file, screen) {
    Object.assign(this, { place, file, screen, words: screen.words });
    this.current = 0;
    this.draw();
  }

  /** n: the number of the chapter that is on. */
  show(n) {
    if (n === this.current) return;
    this.current = n;
    for (const row of this.place.querySelectorAll(".chapter")) row.toggleAttribute("aria-current", Number(row.dataset.chapter) === n);
    this.place.querySelector(".chapter[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  edit(n) {
    this.#editing = n;
    this.draw();
    this.place.querySelector(".chapter-form input")?.select();
  }

  #say(key, values) {
    return this.words.say(key, values);
  }

  #button(key, act, className = "") {
    const button = h("button", `small-button ${className}`, this.#say(key));
    button.type = "button";
    button.dataset.act = key.split(".").pop();
    button.addEventListener("click", act);
    return button;
  }

  /** Words were typed: nothing that has the focus is made anew. */
  update() {
    const { file, place } = this;
    file.chapters.forEach(({ title }, at) => {
      const name = place.querySelector(`.chapter[data-chapter="${at + 1}"] .chapter-name`);
      if (name) text(name, title);
    });
    const save = place.querySelector('[data-act="save"]');
    if (save) save.disabled = !file.dirty && !file.isNew;
  }

  draw() {
    const { file, screen } = this;
    const focused = this.place.contains(document.activeElement) ? document.activeElement.dataset.field : undefined;
    this.place.replaceChildren(
      ...[this.#head(), file.theirs && this.#conflict(), this.#list(), this.#buttons(), ...(this.#listed ? [this.#others(), this.#nights()] : [])].filter(Boolean),
    );
    if (focused) this.place.querySelector(`[data-field="${focused}"]`)?.focus();
    this.current = -1;
  }

  #head() {
    const { file, screen } = this;
    const { saved } = file;
    const title = h("div", "briefing-title");
    if (screen.mayEdit) {
      const field = this.#field("title", "briefing.title", file.title, 200);
      field.placeholder = this.#say("briefing.untitled");
      field.addEventListener("input", () => file.entitle(field.value.trim()));
      title.append(field);
    } else title.append(h("h2", "", file.title || this.#say("briefing.untitled")));
    const state = [
      saved.id ? this.#say(saved.version < saved.versions ? "briefing.version_of" : "briefing.version", { n: saved.version, of: saved.versions }) : this.#say("briefing.unsaved"),
      saved.by ? this.#say("briefing.saved_by", { name: saved.by }) : "",
      file.dirty && saved.id ? this.#say("briefing.changed") : "",
    ];
    return h("div", "briefing-head", title, h("div", "aside", state.filter(Boolean).join(" · ")));
  }

  #conflict() {
    const { file } = this;
    return h(
      "div",
      "briefing-conflict",
      h("p", "", this.#say("briefing.stale", { name: file.theirs.by, n: file.theirs.version })),
      this.#button("briefing.theirs", () => file.take(file.theirs)),
      this.#button("briefing.mine", () => {
        file.insist();
        this.#save();
      }),
    );
  }

  #list() {
    const { file, screen } = this;
    if (!file.chapters.length) return h("p", "chapters-none", this.#say(screen.mayEdit ? "briefing.no_chapters_draft" : "briefing.no_chapters"));
    return h("ol", "chapter-list", ...file.chapters.map((chapter, at) => this.#row(chapter, at + 1)));
  }

  #row(chapter, n) {
    const { screen } = this;
    const at = screen.dial.shown(chapter.at);
    const go = h(
      "button",
      "chapter-go",
      h("span", "chapter-n", String(n)),
      h("span", "chapter-name", chapter.title),
      chapter.pause ? Object.assign(h("span", "chapter-pause", "❚❚"), { title: this.#say("briefing.pauses") }) : "",
      h("time", "", zuluSeconds(at)),
    );
    go.type = "button";
    go.title = `${zuluDay(at)} ${zuluSeconds(at)}`;
    go.addEventListener("click", () => screen.goTo(n));
    const row = h("li", "chapter", h("div", "chapter-line", go, screen.mayEdit ? this.#pencil(n) : ""), chapter.note && this.#editing !== n ? h("p", "chapter-note", chapter.note) : "");
    row.dataset.chapter = String(n);
    if (this.#editing === n && screen.mayEdit) row.append(this.#form(chapter, n));
    return row;
  }

  #pencil(n) {
    const button = h("button", "chapter-edit", "✎");
    button.type = "button";
    worded(this.words, button, "briefing.edit", "label");
    button.setAttribute("aria-expanded", String(this.#editing === n));
    button.addEventListener("click", () => this.edit(this.#editing === n ? 0 : n));
    return button;
  }

  #field(name, key, value, most, rows = 0) {
    const field = Object.assign(h(rows ? "textarea" : "input", "chapter-field"), { value, maxLength: most, ...(rows ? { rows } : { autocomplete: "off" }) });
    field.dataset.field = name;
    field.setAttribute("aria-label", this.#say(key));
    return field;
  }

  #form(chapter, n) {
    const { file, screen } = this;
    const title = this.#field("chapter-title", "briefing.chapter_title", chapter.title, 200);
    const note = this.#field("chapter-note", "briefing.chapter_note", chapter.note, 4000, 4);
    note.placeholder = this.#say("briefing.chapter_note");
    const at = this.#field("chapter-at", "briefing.chapter_at", `${zuluDay(screen.dial.shown(chapter.at))} ${zuluSeconds(screen.dial.shown(chapter.at))}`, 60);
    title.addEventListener("input", () => title.value.trim() && file.change(n, { title: title.value.trim() }));
    note.addEventListener("input", () => file.change(n, { note: note.value.trim() }));
    at.addEventListener("change", () => {
      const ms = screen.parse(at.value);
      at.toggleAttribute("aria-invalid", ms === null);
      if (ms !== null) this.#editing = file.change(n, { at: ms });
      this.draw();
    });
    const pause = Object.assign(h("input"), { type: "checkbox", checked: chapter.pause });
    pause.addEventListener("change", () => file.change(n, { pause: pause.checked }));
    return h(
      "div",
      "chapter-form",
      title,
      note,
      h("div", "chapter-form-line", at, h("label", "", pause, this.#say("briefing.pauses"))),
      h(
        "div",
        "chapter-form-line",
        this.#button("briefing.here", () => ((this.#editing = file.change(n, { at: screen.now() })), this.draw())),
        this.#button("briefing.take_view", () => (file.change(n, { view: screen.viewNow() }), screen.say(this.#say("briefing.view_taken")))),
        this.#button("briefing.remove", () => ((this.#editing = 0), file.remove(n)), "dangerous"),
      ),
    );
  }

  #buttons() {
    const { file, screen } = this;
    const open = this.#button("briefing.open", () => this.#open());
    if (!screen.mayEdit) return h("div", "briefing-buttons", open);
    const save = this.#button("briefing.save", () => this.#save(), "main");
    save.disabled = !file.dirty && !file.isNew;
    return h(
      "div",
      "briefing-buttons",
      this.#button("briefing.add", () => screen.add()),
      file.chapters.length ? "" : this.#button("briefing.draft", () => screen.draft()),
      save,
      file.isNew ? "" : this.#button("briefing.share", () => screen.share()),
      open,
      file.isNew && !file.chapters.length ? "" : this.#button("briefing.new", () => file.clear()),
      file.isNew ? "" : this.#button("briefing.take_away", () => this.#takeAway(), "dangerous"),
    );
  }

  async #save() {
    const { file, screen } = this;
    const title = file.title || this.#say("briefing.usual_title", { date: zuluDay(screen.dial.shown(screen.now())) });
    const said = await file.save(screen.window(), title);
    screen.say(said === "" ? this.#say("briefing.saved", { n: file.saved.version }) : said === "stale" ? this.#say("briefing.not_saved_stale") : this.#say("briefing.not_saved", { why: said }));
    screen.changed();
  }

  async #takeAway() {
    // Twice within a few seconds: there is a way back, but by an older version's link only.
    if (!this.sure) {
      this.sure = setTimeout(() => (this.sure = null), 4_000);
      this.screen.say(this.#say("briefing.take_away_sure"));
      return;
    }
    this.sure = null;
    const said = await this.file.takeAway();
    this.screen.say(said === "" ? this.#say("briefing.taken_away") : this.#say("briefing.not_saved", { why: said }));
    this.screen.changed();
  }

  async #open() {
    if (this.#listed) {
      this.#listed = null;
      this.draw();
      return;
    }
    try {
      [this.#listed, this.#spans] = await Promise.all([listBriefings(), listNights()]);
    } catch (error) {
      this.screen.say(this.#say("briefing.no_list", { why: String(error.message ?? error) }));
      return;
    }
    this.draw();
    this.place.querySelector(".briefing-other")?.focus();
  }

  #others() {
    if (!this.#listed.length) return h("p", "chapters-none", this.#say("briefing.none_saved"));
    return h(
      "ul",
      "briefing-others",
      ...this.#listed.map(({ id, title, from, chapters, by, version, epoch = "" }) => {
        const at = Date.parse(from);
        const about = [`${zuluDay(at)} ${new Date(at).getUTCFullYear()}`, this.#say("briefing.chapters_n", { n: chapters }), this.#say("briefing.version", { n: version }), by];
        const button = h("button", "briefing-other", h("b", "", title), h("span", "aside", about.filter(Boolean).join(" · ")));
        button.type = "button";
        button.addEventListener("click", async () => {
          if (epoch !== this.file.epoch) {
            location.assign(`?${new URLSearchParams({ ...(epoch ? { epoch } : {}), b: id })}`);
            return;
          }
          this.#listed = null;
          const said = await this.file.open(id);
          if (said) this.screen.say(this.#say("briefing.not_opened", { why: said }));
          else if (this.file.chapters.length) this.screen.goTo(1);
          this.screen.changed();
        });
        return h("li", "", button);
      }),
    );
  }

  /** What can be replayed besides what is received here. */
  #nights() {
    const there = this.#spans.filter(({ epoch, live }) => (live ? "" : epoch) !== this.file.epoch);
    if (!there.length) return null;
    const row = ({ epoch, live, from, to }) => {
      const link = h("a", "briefing-other", h("b", "", this.#say(live ? "briefing.night_live" : "briefing.night_carried")), h("span", "aside", `${dateTimeGroup(Date.parse(from))} – ${dateTimeGroup(Date.parse(to))}`));
      link.href = live ? "?" : `?${new URLSearchParams({ epoch, at: from })}`;
      return h("li", "", link);
    };
    return h("section", "", h("h2", "", this.#say("briefing.nights")), h("ul", "briefing-others", ...there.map(row)));
  }
}
