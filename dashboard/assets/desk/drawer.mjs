// The drawer: everything about what is selected. Evidence with its spans, the fields, what the picture makes of it,
// revisions, links, the log and the raw payload. All of it from outside, all of it as text.

import { h } from "../build.mjs";
import { dateTimeGroup, zulu, zuluDay, zuluSeconds } from "../clock.mjs";
import { titleOf } from "../advisories.mjs";
import { changesBetween, statedFields } from "./fields.mjs";
import { fieldWord, valueWords } from "./fieldwords.mjs";
import { actWord } from "./logbook.mjs";
import { idsOf, itemsOf } from "./related.mjs";
import { kindWord, stateOf, toneOf, whatOf, whereOf } from "./rowwords.mjs";
import { cut } from "./spans.mjs";
import { DeskTabs } from "./tabs.mjs";

export const PANELS = ["evidence", "revisions", "links", "log", "raw"];
/** In the head already. */
const GRADE = new Set(["reliability", "credibility"]);
/** What stands behind the event's own fields. */
const FRAME = ["valid_from", "valid_to", "as_of", "published_at", "claimant"];
const RTL = new Set(["ar", "fa", "he", "ur"]);
const isAddress = (text) => /^https?:\/\/[^\s]+$/i.test(text ?? "");

export class Drawer {
  panel = "evidence";
  #drawn = "";
  #lit = null;

  /**
   * state(): { id, ids, whole, row, tree, ack }. rowOf(id): of the table. choose(ids), act(name), acts(): [{ name, key, label }], showOnMap(), changed(), close().
   */
  constructor(root, handlers) {
    Object.assign(this, handlers);
    this.place = root.querySelector("#drawer-place");
    this.head = root.querySelector("#drawer-head");
    this.body = root.querySelector("#drawer-body");
    this.tabs = new DeskTabs(root.querySelector("#drawer-tabs"), { prefix: "panel", names: PANELS, page: "drawer-body", open: (panel) => this.open(panel) });
    this.place.addEventListener("click", (event) => this.#clicked(event));
    for (const [type, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.body.addEventListener(type, (event) => this.#light(on ? event.target.closest?.("[data-fields]")?.dataset.fields : null));
    }
  }

  open(panel) {
    if (!PANELS.includes(panel) || panel === this.panel) return;
    this.panel = panel;
    this.show();
    this.body.scrollTop = 0;
    this.changed();
  }

  /** Draw what is selected, where it is another than what is drawn. */
  show() {
    const state = this.state();
    const { id, ids, whole, row, ack, tree } = state;
    this.place.hidden = !id;
    document.documentElement.dataset.drawer = id ? "open" : "shut";
    if (!id) {
      this.#drawn = "";
      return;
    }
    const event = whole.event;
    const related = itemsOf(tree, id);
    const key = JSON.stringify([id, ids.length, this.panel, event, whole.error, whole.value?.revisions?.length, whole.value?.acks, whole.value?.notes, whole.value?.log?.length, ack, row?.revision, row?.state, related.map(({ item }) => item), this.words.lang, this.acts().map(({ name }) => name)]);
    if (key === this.#drawn) return;
    const isOther = this.place.dataset.id !== id;
    this.#drawn = key;
    this.place.dataset.id = id;
    this.#head(state, event);
    this.#tabs(state);
    const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const scrolled = isOther ? 0 : this.body.scrollTop;
    this.body.replaceChildren(...this.#inside(state, event, related));
    this.body.scrollTop = scrolled;
    if (focused) this.body.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #head({ id, ids, row, whole, ack }, event) {
    const w = this.words;
    const kind = row?.kind ?? event?.kind ?? "";
    const shown = row ?? { kind, revision: event?.revision ?? 1, msg_type: event?.msg_type, by: event?.by, subject: "", what: "" };
    const title = row ? [whereOf(row, w), whatOf(row, w)].filter(Boolean).join(" · ") : id;
    const state = stateOf(shown, ack, w);
    const at = Date.parse(row?.at ?? event?.valid_from ?? event?.published_at ?? "");
    const about = [
      Number.isNaN(at) ? "" : `${zuluDay(at)} ${zuluSeconds(at)}`,
      shown.feed ?? event?.feed ?? "",
      (row?.claimant ?? event?.claimant) ? w.claimant(row?.claimant ?? event.claimant) : "",
      row?.grade ?? (event ? `${event.reliability ?? "F"}${event.credibility ?? 6}` : ""),
      state.text,
    ];
    const close = this.#button("close", "×", w.say("desk.drawer.close"));
    close.classList.add("drawer-close");
    const acts = this.acts().map(({ name, key, label }) => {
      const button = this.#button(`act:${name}`, "", label);
      button.classList.add("act-button", `act-${name}`);
      button.append(label, key ? h("kbd", "", key) : "");
      return button;
    });
    this.head.replaceChildren(
      h(
        "div",
        `drawer-title tone-${toneOf(shown)}`,
        h("i", "shape"),
        h("b", "drawer-kind", kindWord(kind, w)),
        h("span", "drawer-what", title || (whole.error ? "" : w.say("desk.drawer.loading"))),
        ids.length > 1 ? h("span", "drawer-more", w.say("desk.drawer.more", { n: ids.length - 1 })) : "",
        close,
      ),
      h("div", `drawer-about state-${state.kind || "none"}`, about.filter(Boolean).join(" · ")),
      h("div", "drawer-acts", ...acts, this.#keyed("map", w.say("desk.show_on_map"), "g")),
    );
  }

  #keyed(name, label, key) {
    const button = this.#button(name, "", label);
    button.classList.add("act-button", "quiet-button");
    button.append(label, h("kbd", "", key));
    return button;
  }

  #tabs({ whole, tree, id }) {
    const w = this.words;
    const counts = {
      revisions: whole.value?.revisions?.length > 1 ? whole.value.revisions.length : 0,
      links: itemsOf(tree, id).length,
      log: (whole.value?.log ?? []).length,
    };
    const tab = (panel) => [w.say(`desk.panel.${panel}`), counts[panel] ? h("span", "badge", String(counts[panel])) : ""];
    this.tabs.show(this.panel, Object.fromEntries(PANELS.map((panel) => [panel, tab(panel)])));
  }

  #inside(state, event, related) {
    const w = this.words;
    const { whole } = state;
    if (!event) {
      if (!whole.error) return [h("p", "nothing", w.say("desk.drawer.loading"))];
      return [h("p", "nothing", whole.error === "none" ? w.say("desk.drawer.gone") : w.say("desk.drawer.failed", { why: whole.error }))];
    }
    return { evidence: () => this.#evidence(state, event, related), revisions: () => this.#revisions(whole.value), links: () => this.#links(state, event, related), log: () => this.#log(whole.value), raw: () => this.#raw(whole.value) }[this.panel]();
  }

  #evidence(state, event, related) {
    const w = this.words;
    const evidence = event.evidence ?? {};
    const spans = evidence.spans ?? {};
    const left = [];
    if (evidence.title && !evidence.text?.startsWith(evidence.title)) left.push(this.#foreign("h2", "evidence-title", evidence.title, evidence.lang));
    if (evidence.text) {
      const body = this.#foreign("div", "evidence-text", "", evidence.lang);
      for (const { text, fields } of cut(evidence.text, spans)) {
        if (!fields.length) {
          body.append(text);
          continue;
        }
        const mark = h("mark", "", text);
        mark.dataset.fields = fields.join(" ");
        mark.title = fields.map((path) => fieldWord(path, w)).join(", ");
        body.append(mark);
      }
      left.push(body);
    } else left.push(h("p", "nothing", w.say(event.by ? "desk.evidence.by_hand" : "desk.evidence.none")));
    const about = [
      evidence.lang && evidence.lang !== "und" ? this.#language(evidence.lang) : "",
      event.published_at ? w.say("desk.evidence.published", { time: dateTimeGroup(Date.parse(event.published_at)) }) : "",
      event.confidence !== undefined ? w.say("desk.evidence.confidence", { n: Math.round(event.confidence * 100) }) : "",
      event.by ? w.say("desk.evidence.by", { by: event.by }) : "",
    ].filter(Boolean);
    if (about.length) left.push(h("p", "evidence-about", about.join(" · ")));
    if (isAddress(evidence.link)) left.push(this.#address(evidence.link));
    for (const doubt of event.doubts ?? []) left.push(h("p", "doubt", doubt));
    const stated = statedFields(event).filter(([path]) => !GRADE.has(path));
    const frame = ([path]) => FRAME.indexOf(path);
    const rows = stated.sort((a, b) => frame(a) - frame(b)).map(([path, value]) => this.#field(path, value, spans));
    const right = [h("h2", "", w.say("desk.evidence.states")), h("dl", "fields", ...rows.flat())];
    const made = related.flatMap((each) => this.#made(each, state));
    if (made.length) right.push(h("h2", "", w.say("desk.evidence.picture")), ...made);
    return [h("div", "columns", h("section", "evidence", ...left), h("section", "stated", ...right))];
  }

  #field(path, value, spans) {
    const w = this.words;
    const own = Object.keys(spans).filter((span) => span === path || span.startsWith(`${path}.`) || path.startsWith(`${span}.`));
    const term = h("dt", "", fieldWord(path, w));
    const said = h("dd", "", valueWords(path, value, w));
    if (own.length) {
      for (const part of [term, said]) part.dataset.fields = own.join(" ");
      said.tabIndex = 0;
      said.dataset.focus = path;
      said.classList.add("proved");
    }
    return [term, said];
  }

  /** What an event says, in one line; its id where the table has no such row. */
  #said(id) {
    const row = this.rowOf(id);
    if (!row) return id;
    return [zulu(Date.parse(row.at)), whereOf(row, this.words), whatOf(row, this.words), row.feed].filter(Boolean).join(" · ");
  }

  /** What the picture makes of it: a claim with its witnesses, an alert, a scramble with its causes. */
  #made({ list, key, item }) {
    const w = this.words;
    const parts = [];
    const witnesses = Object.entries(item.witnesses ?? {});
    if (list === "claims") {
      parts.push(h("p", "", w.say("card.says", { claimant: item.claimant ? w.claimant(item.claimant) : w.say("tonight.claimant_unknown") })));
      const variants = Object.entries(item.variants ?? {}).flatMap(([figure, said]) => Object.entries(said).map(([value, ids]) => h("p", "variant", w.say("desk.claim.variant", { figure: fieldWord(figure, w), value, n: ids.length }))));
      parts.push(...variants);
      for (const figure of item.derived ?? []) parts.push(h("p", "aside", w.say("desk.claim.derived", { figure: fieldWord(figure, w) })));
    }
    if (list === "scrambles") {
      for (const [rule, cause] of Object.entries(item.causes ?? {})) {
        parts.push(h("p", "", w.say("scrambles.linked", { causes: w.has(`cause.${rule}`) ? w.say(`cause.${rule}`) : rule }), " · ", h("span", "aside", w.say("scrambles.evidence", { n: cause.n ?? 0 }))));
      }
      if (item.no_cause_found) parts.push(h("p", "doubt", w.say("scrambles.no_cause_more")));
      if (typeof item.lead_s === "number") {
        const alert = w.say("lead.other");
        parts.push(h("p", "", w.say(item.lead_s >= 0 ? "scrambles.lead_after" : "scrambles.lead_before", { age: w.age(Math.abs(item.lead_s) * 1000), alert })));
      }
    }
    if (witnesses.length > 1) {
      parts.push(h("h3", "", w.say("tonight.witnesses", { n: witnesses.length })));
      parts.push(
        h(
          "ul",
          "witnesses",
          ...witnesses.map(([id, source]) => {
            const agreement = item.agreement?.[id];
            const at = source.published_at ?? source.since ?? source.received_at;
            return h("li", "", this.#event(id, [source.feed, source.claimant ? w.claimant(source.claimant) : "", source.grade ?? "", at ? zulu(Date.parse(at)) : ""].filter(Boolean).join(" · ")), agreement ? h("span", `agreement agreement-${agreement}`, w.say(`desk.agreement.${agreement}`)) : "");
          }),
        ),
      );
    }
    if (!parts.length) return [];
    return [h("div", "made", h("h3", "", w.say(`desk.made.${list}`)), ...parts)];
  }

  #revisions(value) {
    const w = this.words;
    const all = value.revisions ?? [];
    return [
      h(
        "ol",
        "revisions",
        ...[...all].reverse().map(({ event, received_at }, n) => {
          const before = all[all.length - 2 - n]?.event;
          const changes = before ? changesBetween(before, event) : [];
          const at = received_at ? Date.parse(received_at) : NaN;
          return h(
            "li",
            `revision${event.msg_type === "cancel" ? " cancelled" : ""}`,
            h("b", "", w.say("desk.revision.n", { n: event.revision ?? 1 })),
            h("span", "aside", [event.msg_type && event.msg_type !== "alert" ? w.say(`desk.msg.${event.msg_type}`) : "", Number.isNaN(at) ? "" : w.say("desk.revision.received", { time: `${zuluDay(at)} ${zuluSeconds(at)}` }), event.by ? w.say("desk.evidence.by", { by: event.by }) : event.feed].filter(Boolean).join(" · ")),
            before
              ? h("dl", "changes", ...(changes.length ? changes.flatMap(({ path, before: a, after: b }) => [h("dt", "", path === "evidence.text" ? w.say("desk.revision.text") : fieldWord(path, w)), h("dd", "", ...(path === "evidence.text" ? [w.say("desk.revision.text_changed")] : [h("del", "", valueWords(path, a, w)), " → ", h("ins", "", valueWords(path, b, w))]))]) : [h("dd", "aside", w.say("desk.revision.same"))]))
              : h("p", "aside", w.say("desk.revision.first")),
          );
        }),
      ),
    ];
  }

  #links({ tree, id }, event, related) {
    const w = this.words;
    const nodes = [];
    const list = (title, rows) => rows.length && nodes.push(h("h2", "", title), h("ul", "links", ...rows.map((row) => h("li", "", row))));
    const ways = related.filter(({ list: name }) => name !== "alerts");
    list(w.say("desk.links.stands_behind"), ways.map(({ list: name, key, item }) => h("span", "", `${w.say(`desk.made.${name}`)}: ${this.#nameOf(name, key, item)}`)));
    for (const [rule, { events = [], n = events.length }] of related.flatMap(({ item }) => Object.entries(item.causes ?? {}))) {
      const title = `${w.say("desk.links.causes")} · ${w.has(`cause.${rule}`) ? w.say(`cause.${rule}`) : rule}`;
      const rows = events.map((each) => this.#event(each, this.#said(each)));
      if (n > events.length) rows.push(h("span", "aside", w.say("alerts.more", { n: n - events.length })));
      list(title, rows);
    }
    const caused = Object.entries(tree?.scrambles ?? {}).filter(([, { causes: by = {} }]) => Object.values(by).some(({ events = [] }) => events.includes(id)));
    list(w.say("desk.links.explains"), caused.map(([key, item]) => this.#event(idsOf("scrambles", key, item)[0], this.#nameOf("scrambles", key, item))));
    const advisories = Object.entries(tree?.advisories ?? {}).filter(([, { why = [], ended_by = [] }]) => why.includes(id) || ended_by.includes(id));
    list(w.say("desk.links.advisories"), advisories.map(([key, item]) => h("span", "", titleOf(key, item, w.lang))));
    const about = event.kind === "log" ? [event.about, ...(event.others ?? [])].filter(Boolean) : [];
    list(w.say("desk.links.about"), about.map((each) => this.#event(each, this.#said(each))));
    if (isAddress(event.evidence?.link)) list(w.say("desk.links.original"), [this.#address(event.evidence.link)]);
    nodes.push(h("h2", "", w.say("desk.links.id")), h("p", "event-id", id));
    return nodes;
  }

  #nameOf(list, key, item) {
    const w = this.words;
    return { claims: () => (item.claimant ? w.claimant(item.claimant) : key), scrambles: () => w.country(item.country), threats: () => [w.has(`threat.${item.threat_type}`) ? w.say(`threat.${item.threat_type}`) : item.threat_type, w.regions(item.regions ?? [], 2)].filter(Boolean).join(" · "), alerts: () => w.region(item.region), strikes: () => item.target || w.region(item.region ?? ""), statements: () => item.speaker, restrictions: () => w.subject(item.subject), markers: () => item.label ?? key }[list]();
  }

  #log(value) {
    const w = this.words;
    const log = value.log ?? [];
    if (!log.length && !(value.acks ?? []).length && !(value.notes ?? []).length) return [h("p", "nothing", w.say("desk.drawer.no_log"))];
    const entries = log.length ? log : [...(value.acks ?? []).map((ack) => ({ ...ack, act: "ack" })), ...(value.notes ?? []).map((note) => ({ ...note, act: "note" }))];
    return [
      h(
        "ul",
        "log",
        ...entries.map((entry) => {
          const at = Date.parse(entry.at ?? "");
          return h("li", entry.undone ? "undone" : "", h("time", "", Number.isNaN(at) ? "" : `${zuluDay(at)} ${zulu(at)}`), h("b", "", `${entry.by} ${actWord(entry.act, w)}`), entry.note ? h("q", "", entry.note) : "", entry.undone ? h("span", "aside", w.say("desk.log.undone", { by: entry.undone_by ?? "" })) : "");
        }),
      ),
    ];
  }

  #raw(value) {
    const text = JSON.stringify(value, null, 2);
    const copy = this.#button("copy", this.words.say("desk.raw.copy"));
    copy.classList.add("act-button");
    this.raw = text;
    const pre = h("pre", "raw", text);
    pre.tabIndex = 0;
    return [copy, pre];
  }

  #event(id, label) {
    const button = h("button", "event-link", label || id);
    button.type = "button";
    button.dataset.event = id;
    return button;
  }

  #address(url) {
    const link = Object.assign(h("a", "address", url), { href: url, target: "_blank", rel: "noopener noreferrer external" });
    return h("p", "", link);
  }

  #foreign(tag, className, text, lang) {
    const element = h(tag, className, text);
    element.lang = lang || "und";
    element.dir = RTL.has((lang ?? "").slice(0, 2)) ? "rtl" : "auto";
    return element;
  }

  #language(lang) {
    try {
      return new Intl.DisplayNames([this.words.lang], { type: "language" }).of(lang) ?? lang;
    } catch {
      return lang;
    }
  }

  #button(name, label, spoken = label) {
    const button = h("button", "", label);
    button.type = "button";
    button.dataset.do = name;
    if (spoken !== label) button.setAttribute("aria-label", spoken);
    return button;
  }

  #clicked(event) {
    const other = event.target.closest("[data-event]")?.dataset.event;
    if (other) return this.choose([other]);
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name === "close") return this.close();
    if (name === "map") return this.showOnMap();
    if (name === "copy") return this.copy(this.raw);
    if (name?.startsWith("act:")) return this.act(name.slice(4));
    const fields = event.target.closest("dd[data-fields], dt[data-fields]")?.dataset.fields;
    if (fields) return this.#marks(fields)[0]?.scrollIntoView({ block: "center" });
    return undefined;
  }

  #marks(fields) {
    const wanted = new Set(fields.split(" "));
    return [...this.body.querySelectorAll("mark[data-fields]")].filter((mark) => mark.dataset.fields.split(" ").some((path) => wanted.has(path)));
  }

  #light(fields) {
    if (fields === this.#lit) return;
    this.#lit = fields;
    const wanted = new Set((fields ?? "").split(" ").filter(Boolean));
    for (const element of this.body.querySelectorAll("[data-fields]")) {
      element.classList.toggle("lit", element.dataset.fields.split(" ").some((path) => wanted.has(path)));
    }
  }
}
