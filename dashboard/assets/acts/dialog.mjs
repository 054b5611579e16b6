// The dialog around every act: keeps what was typed, asks before it drops it, sends it, and says what became of it.

import { h, text } from "../build.mjs";
import { zulu } from "../clock.mjs";
import { drop, keep, kept } from "./drafts.mjs";
import { isOk, newActId, sendUntilKnown } from "./sending.mjs";
import { listen } from "./watch.mjs";

let serial = 0;

/**
 * name: the act's. item: what it is about, for the draft. title, about: words. size: "", "wide" or "short".
 * A short dialog is sent by Enter, others by Ctrl+Enter and their button.
 */
export class ActDialog {
  #resolve;
  #pending = null;
  #busy = false;
  #ended = false;
  #wake = () => {};
  #off = () => {};
  #before = document.activeElement;

  /** The act fills `body` and sets: touched(), raw(), restore(raw), check(), act() (one act, or several with the `card` each is of) and refused(answer, card). */
  constructor(context, { name, item = "", title, about = "", size = "", word = "act.send" }) {
    const { words } = context;
    Object.assign(this, { context, words, name, item, person: context.person?.name ?? "" });
    const id = `act-d${(serial += 1)}`;
    const heading = h("h2", "act-title", title);
    heading.id = `${id}-title`;
    this.notice = h("div", "act-notice");
    this.notice.setAttribute("role", "status");
    this.notice.hidden = true;
    this.restored = h("div", "act-restored");
    this.restored.hidden = true;
    this.body = h("fieldset", "act-fields");
    this.status = h("p", "act-status");
    this.status.id = `${id}-status`;
    this.status.setAttribute("role", "status");
    this.status.tabIndex = -1;
    this.status.dataset.state = "";
    this.send = h("button", "act-send", words.say(word));
    this.send.type = "submit";
    this.send.dataset.key = size === "short" ? "⏎" : "Ctrl ⏎";
    this.send.setAttribute("aria-keyshortcuts", size === "short" ? "Enter" : "Control+Enter");
    this.cancel = h("button", "act-button", words.say("act.cancel"));
    this.cancel.type = "button";
    this.buttons = h("div", "act-buttons", this.cancel, this.send);
    this.ask = h("div", "act-ask");
    this.ask.hidden = true;
    const close = h("button", "act-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", words.say("act.close"));
    const head = h("header", "act-head", h("div", "act-titles", heading, about && h("p", "act-about", about)), close);
    this.foot = h("footer", "act-foot", this.status, this.ask, this.buttons);
    this.form = h("form", "act-form", head, this.notice, this.restored, h("div", "act-body", this.body), this.foot);
    this.form.noValidate = true;
    this.element = h("dialog", `act ${size}`.trim(), this.form);
    this.element.setAttribute("aria-labelledby", heading.id);
    this.element.dataset.act = name;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter === this.send || size === "short") this.submit();
    });
    this.form.addEventListener("keydown", (event) => this.#key(event, size));
    this.form.addEventListener("input", () => this.#typed());
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.leave();
    });
    for (const button of [this.cancel, close]) button.addEventListener("click", () => this.leave());
  }

  /** What an act does without, in most forms. */
  touched() {
    return false;
  }

  check() {
    return true;
  }

  refused() {
    return false;
  }

  /** An answer that is as good as done: what somebody else did first. */
  forgiven() {
    return false;
  }

  /** After each of several acts. */
  doneOne() {}

  /** Whether the dialog stays when all are sent. */
  stays() {
    return false;
  }

  /** Show it, with what was kept of it. Resolves with the server's answer, or null where it was left. */
  open() {
    document.getElementById("acts").append(this.element);
    const draft = kept(this.person, this.name, this.item);
    if (draft) this.#restore(draft);
    this.element.showModal();
    this.#off = listen(this.context.station, this.#look);
    this.#look();
    if (draft?.data.pending) this.#go(draft.data.pending);
    else (this.first ?? (() => this.body.querySelector("input:not([type=hidden]), textarea, select, button")?.focus()))();
    return this.result;
  }

  #restore({ at, data }) {
    this.restore?.(data.raw);
    const anew = h("button", "act-small", this.words.say("act.draft.anew"));
    anew.type = "button";
    anew.addEventListener("click", () => {
      drop(this.person, this.name, this.item);
      this.#pending = null;
      this.anew?.();
      this.restored.hidden = true;
      this.body.querySelector("input, textarea, select")?.focus();
    });
    this.restored.replaceChildren(h("span", "", this.words.say("act.draft.restored", { at: zulu(at) })), anew);
    this.restored.hidden = false;
  }

  #key(event, size) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      if (!this.ask.hidden) this.#goOn();
      else this.leave();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Enter" && event.target.tagName === "INPUT" && size !== "short") {
      // One Enter too many in a long form must not send it.
      event.preventDefault();
    }
    // The desk's own keys stay asleep while somebody types here.
    if (event.key !== "Tab") event.stopPropagation();
  }

  #typed() {
    if (this.#busy) return;
    if (this.status.dataset.state === "sent" || this.status.dataset.state === "wrong") this.tell("", "");
    this.keep();
  }

  /** Keep what stands in the form; says so where that fails. */
  keep() {
    if (!this.raw) return;
    if (!this.touched() && !this.#pending) return drop(this.person, this.name, this.item);
    const done = keep(this.person, this.name, this.item, { raw: this.raw(), pending: this.#pending });
    if (!done) this.tell("wrong", this.words.say("act.draft.full"));
    return undefined;
  }

  /** state: "", "busy", "unsure", "wrong", "sent" or "lost". */
  tell(state, said, ...more) {
    this.status.dataset.state = state;
    if (more.length) this.status.replaceChildren(said, " ", ...more);
    else text(this.status, said);
  }

  /** The link to the picture: what is typed while it is lost is kept, and the form says so. */
  #look = () => {
    if (this.#ended) return;
    const state = this.context.station?.link?.state;
    const lost = state !== undefined && state !== "up";
    if (lost && !this.#busy && this.status.dataset.state === "") this.tell("lost", this.words.say("act.link_lost"));
    if (!lost && this.status.dataset.state === "lost") this.tell("", "");
    if (!lost && this.wasLost) this.#wake();
    this.wasLost = lost;
  };

  async submit() {
    if (this.#busy || !this.ask.hidden) return;
    if (!this.check()) return;
    const said = this.act();
    const acts = said === null ? [] : [said].flat();
    if (acts.length) await this.#go(acts.map((act) => ({ once: newActId(), ...act })));
  }

  /** Send acts one after the other. The first that is refused stops them; those before it are done. */
  async #go(acts) {
    let done = null;
    for (let n = 0; n < acts.length; n += 1) {
      this.#lock(acts.slice(n), acts.length > 1 ? this.words.say("act.sending_of", { n: n + 1, of: acts.length }) : this.words.say("act.sending"));
      const { card, ...act } = acts[n];
      const answer = await this.post(act);
      if (answer === null || this.#ended) return;
      this.#unlock();
      if (!isOk(answer.status) && !this.forgiven(answer)) return this.#refuse(answer, card);
      done = answer.body;
      this.doneOne(card, answer.body);
    }
    if (this.stays(done)) {
      drop(this.person, this.name, this.item);
      this.tell("sent", this.words.say("act.sent"));
    } else this.finish(done);
  }

  #lock(pending, said) {
    this.#busy = true;
    this.#pending = pending;
    this.keep();
    this.body.disabled = true;
    this.send.disabled = true;
    this.element.setAttribute("aria-busy", "true");
    this.tell("busy", said);
    this.status.focus();
  }

  #unlock() {
    this.#busy = false;
    this.#pending = null;
    this.body.disabled = false;
    this.send.disabled = false;
    this.element.removeAttribute("aria-busy");
    this.tell("", "");
    this.keep();
  }

  /** One act, until it is known what became of it: an answer, or null where the dialog was left before. */
  post(act) {
    return sendUntilKnown("/api/v1/acts", act, {
      tell: ({ state, tries, status }) => {
        if (state === "unsure") this.tell("unsure", this.words.say(status ? "act.unsure_answer" : "act.unsure", { tries, status }));
      },
      paused: (ms) => this.paused(ms),
      stopped: () => this.#ended,
    });
  }

  /** Some time, or less where the link comes back meanwhile. */
  paused(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        removeEventListener("online", done);
        resolve();
      }
      addEventListener("online", done);
      this.#wake = done;
    });
  }

  /** What was typed is kept for after the next sign-in. */
  sessionEnded() {
    const link = h("a", "act-link", this.words.say("act.sign_in"));
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    this.keep();
    this.tell("wrong", this.words.say("act.session_ended"), link);
    link.focus();
  }

  #refuse(answer, card) {
    const { status, body } = answer;
    const { words } = this;
    if (status === 401) return this.sessionEnded();
    if (this.refused(answer, card)) return undefined;
    const said = body.detail || body.title || words.say("act.error.status", { status });
    this.tell("wrong", status === 403 ? words.say("act.error.role") : words.say("act.error.refused", { said: body.parameter ? `${body.parameter}: ${said}` : said }));
    this.status.focus();
    return undefined;
  }

  /** Escape, the cross and Cancel: at once where nothing was typed, else after a question. */
  leave() {
    if (this.#busy) {
      this.#end(null);
      this.context.say?.(this.words.say("act.kept_unsent"));
      return;
    }
    if (!this.touched()) {
      drop(this.person, this.name, this.item);
      this.#end(null);
      return;
    }
    const { words } = this;
    const button = (key, act) => {
      const made = h("button", "act-button", words.say(key));
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    };
    const later = button("act.leave.later", () => {
      this.keep();
      this.#end(null);
      this.context.say?.(words.say("act.kept"));
    });
    this.ask.replaceChildren(
      h("span", "act-question", words.say("act.leave.ask")),
      button("act.leave.drop", () => {
        drop(this.person, this.name, this.item);
        this.#end(null);
      }),
      later,
      button("act.leave.go_on", () => this.#goOn()),
    );
    this.ask.setAttribute("role", "group");
    this.ask.setAttribute("aria-label", words.say("act.leave.ask"));
    this.ask.hidden = false;
    this.buttons.hidden = true;
    this.at = document.activeElement;
    later.focus();
  }

  #goOn() {
    this.ask.hidden = true;
    this.buttons.hidden = false;
    if (this.form.contains(this.at)) this.at.focus();
  }

  /** Hide the dialog while the map is pointed at. */
  async aside(act) {
    this.element.close();
    try {
      return await act();
    } finally {
      if (!this.#ended) this.element.showModal();
    }
  }

  /** Done: nothing of it need be kept. said: for the desk's own line. */
  finish(answer, said = this.words.say("act.sent")) {
    drop(this.person, this.name, this.item);
    this.context.say?.(said);
    this.#end(answer);
  }

  #end(answer) {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake();
    this.#off();
    this.ended?.();
    this.element.close();
    this.element.remove();
    if (this.#before?.isConnected) this.#before.focus();
    this.#resolve(answer);
  }
}
