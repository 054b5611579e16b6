// Starts the desk: map, table, drawer and lists, with one selection, and an address that holds the view.

import { mayAct, whoever } from "./access.mjs";
import { ACTS, openAct, remind } from "./acts/open.mjs";
import { h, text } from "./build.mjs";
import { zulu } from "./clock.mjs";
import { openHelp } from "./keyhelp.mjs";
import { worded } from "./language.mjs";
import { openedPage } from "./page.mjs";
import { ReplayBand } from "./replay/band.mjs";
import { followMap, stationOf } from "./replay/follow.mjs";
import { Said } from "./said.mjs";
import { Screen, expose } from "./screen.mjs";
import { ready } from "./station.mjs";
import { switchTheme, switchWord } from "./theme.mjs";
import { EMPTY, readView, writeView } from "./desk/address.mjs";
import { Drawer, PANELS } from "./desk/drawer.mjs";
import { Intake, cursorAt } from "./desk/intake.mjs";
import { GROUPS, KEYS, commandOf } from "./desk/keys.mjs";
import { Ledger } from "./desk/ledger.mjs";
import { MapTools, placeOf } from "./desk/maptools.mjs";
import { switches } from "./desk/menu.mjs";
import { Notifier, RULES, mayNotify } from "./desk/notify.mjs";
import { NowView, SIDES } from "./desk/now.mjs";
import { Own } from "./desk/own.mjs";
import { openPalette } from "./desk/palette.mjs";
import { idsOnMap, itemsOf, keyOnMap } from "./desk/related.mjs";
import { kindWord, searchText, whatOf, whereOf } from "./desk/rowwords.mjs";
import { Selection } from "./desk/selection.mjs";
import { COLUMN_NAMES, Table } from "./desk/table.mjs";
import { Whole } from "./desk/whole.mjs";

const TICK_MS = 200;
const ADDRESS_MS = 250;
/** How often a table follows a replay that plays, and how many rows of one it has. */
const ROWS_EVERY_MS = 2_000;
const REPLAYED_ROWS = 5_000;
const KINDS = ["alert", "threat", "scramble", "raid_report", "strike", "restriction", "statement", "marker", "log"];

class Desk extends Screen {
  #filters = new Set();
  #kinds = new Set(KINDS);
  #unacked = new Set();
  #epoch = null;
  #waiting = null;
  #addressTimer = null;
  #applying = false;

  constructor({ language, person, api, ...of }) {
    super(of);
    const { root, words, station } = this;
    Object.assign(this, { language, person });
    this.said = new Said(root, words);
    this.own = new Own(person.name);
    this.band = new ReplayBand(words, (band) => root.querySelector(".head").after(band));
    followMap(station, this.stage);
    this.selection = new Selection();
    this.ledger = new Ledger();
    this.table = new Table(api, {
      words,
      ledger: this.ledger,
      own: this.own,
      ack: (id) => (Object.hasOwn(this.tree?.acks ?? {}, id) ? this.tree.acks[id] : undefined),
      passes: (row) => this.#passes(row),
      chosen: (ids) => this.selection.set(ids, "table"),
      changed: () => this.#changed(),
      notation: () => ({ dtg: this.own.get("dtg", false), now: this.station.moment().instant.at }),
    });
    this.whole = new Whole(() => this.#drawDrawer());
    this.now = new NowView(root, {
      words,
      choose: (ids) => this.selection.set(ids, "now"),
      act: (name, context) => this.act(name, context),
      may: () => this.mayAct && !station.isReplay,
      changed: () => this.#changed(),
    });
    this.drawer = new Drawer(root, {
      words,
      state: () => this.#drawerState(),
      rowOf: (id) => this.ledger.get(id),
      choose: (ids) => this.selection.set(ids, "drawer"),
      act: (name) => this.act(name),
      acts: () => this.#fitting(),
      showOnMap: () => this.showOnMap(),
      copy: (what) => this.said.copy(what),
      changed: () => this.#changed(),
      close: () => this.selection.clear(),
    });
    this.mapTools = new MapTools(root, {
      stage: this.stage,
      words,
      own: this.own,
      choose: (hit) => {
        const ids = idsOnMap(this.tree, hit);
        if (ids.length) this.selection.set(ids.slice(0, 1), "map");
        // An aircraft has no event of its own: it is ringed, and its card tells of it.
        else if (hit?.item?.kind === "track" && this.selection.first === null) this.stage.overlay.select(hit.item.key);
      },
      changed: () => this.#changed(),
    });
    this.notifier = new Notifier({ own: this.own, words });
    this.selection.onChange((ids, from) => this.#selected(ids, from));
    this.intake = new Intake({
      take: (rows) => this.#took(rows),
      told: (state) => this.#tellOfRows(state),
    });
    this.#tableTools();
    this.#deskActs();
    this.#keys();
    this.#apply(readView(location.search));
    this.root.querySelector(".skips").addEventListener("click", (event) => {
      const place = this.root.querySelector(event.target.closest("a")?.hash || null);
      if (!place) return;
      event.preventDefault();
      place.focus();
    });
    addEventListener("popstate", () => this.#apply(readView(location.search)));
    station.onMessage((message) => this.#heard(message));
    if (station.live === station) this.intake.start();
    this.begin(TICK_MS).then(() => this.mapTools.begin());
    remind({ words, person, say: (said) => this.said.say(said) });
  }

  /** What was typed and chosen, and where the map is, stays. */
  reword() {
    super.reword();
    this.#deskActs();
    this.table.reword();
    this.drawer.show();
    this.#count();
  }

  get mayAct() {
    return mayAct(this.person);
  }

  /** Acts that this person may do: [{ name, key, label, needs }]. */
  get acts() {
    if (!this.mayAct) return [];
    return ACTS.map(({ name, key, word, needs }) => ({ name, key, needs, label: this.words.say(word) }));
  }

  /** Those of them that fit what is selected. */
  #fitting() {
    if (this.station.isReplay) return [];
    const { event, value } = this.whole;
    const row = this.ledger.get(this.selection.first);
    const gone = (event ?? row)?.msg_type === "cancel";
    const ours = (event ?? row)?.kind === "log";
    const fits = {
      ack: !gone && !ours,
      note: true,
      correct: !gone && !ours,
      retract: !gone && !ours,
      restore: gone && !ours,
      merge: this.selection.ids.length > 1,
      undo: (value?.log ?? []).some(({ undone, act }) => !undone && act !== "audit"),
      bookmark: true,
    };
    return this.acts.filter(({ name }) => fits[name]);
  }

  /** Open the form of an act. about: { ids, log } where it is not of what is selected. */
  async act(name, { ids = this.selection.ids, log = "" } = {}) {
    if (this.station.isReplay) {
      this.said.say(this.words.say("replay.no_acts"));
      return;
    }
    const { event } = this.whole;
    const isShown = event && ids[0] === this.selection.first;
    const entry = log ? Object.values(this.tree?.log ?? {}).find(({ id }) => id === log) : undefined;
    const done = await openAct(name, {
      ids: [...ids],
      event: isShown ? event : null,
      revision: isShown ? (event.revision ?? 1) : null,
      rows: ids.map((id) => this.ledger.get(id)).filter(Boolean),
      log,
      logEntry: entry,
      tree: this.tree,
      words: this.words,
      station: this.station,
      person: this.person,
      position: this.mapTools.clicked,
      pick: () => this.mapTools.point(),
      view: () => writeView(this.view),
      say: (words) => this.said.say(words),
    });
    if (done) this.whole.again();
  }

  show(now = this.station.moment()) {
    const before = this.tree;
    const changed = super.show(now);
    if (changed === null) return null;
    const { tree, instant } = now;
    this.now.show(tree, instant.at, this.selection.ids);
    this.#wants();
    if (changed("acks")) this.#acked(before?.acks ?? {}, tree.acks ?? {});
    if (before && changed("acks", "log")) this.whole.again();
    if (before && changed("night")) this.table.refilter();
    if (changed("claims", "scrambles", "threats", "alerts", "strikes", "statements", "restrictions", "advisories", "acks")) this.drawer.show();
    if (this.selection.first) this.stage.overlay.select(keyOnMap(tree, this.selection.first));
    this.notifier.look(tree);
    return changed;
  }

  tick(now = this.station.moment()) {
    const isNewSecond = super.tick(now);
    this.#showReplay(now);
    if (!isNewSecond) return false;
    this.now.show(now.tree, now.instant.at, this.selection.ids);
    this.#wants();
    return true;
  }

  /** A replay, and that nothing can be done in it. */
  #showReplay(now) {
    const { station, words: w } = this;
    const room = station.room ? w.say("replay.following", { room: station.room }) : "";
    this.band.show(now, station.replay, [room, w.say("replay.no_acts")].filter(Boolean).join(" · "));
    if (this.isReplay !== now.replay) {
      this.isReplay = now.replay;
      for (const button of this.root.querySelectorAll("#desk-acts .act-button")) button.disabled = now.replay;
      this.drawer.show();
    }
    this.#rowsOf(now);
  }

  /** The table's rows are those that were received by then; live again, all. */
  #rowsOf(now) {
    const { replay, picture } = this.station;
    const isThen = now.replay && replay?.known === "then";
    const wanted = isThen ? `${picture.position?.epoch} ${replay.at}` : now.replay ? "now" : "";
    if (now.replay && !picture.position) return;
    if (wanted === this.rowsOf || (isThen && performance.now() - (this.rowsAt ?? -Infinity) < ROWS_EVERY_MS)) return;
    [this.rowsOf, this.rowsAt] = [wanted, performance.now()];
    this.#startAnew(isThen ? { before: cursorAt(picture.position.epoch, replay.atMs), most: REPLAYED_ROWS } : {});
  }

  /** Put the map where the selection is: the one way in which the desk itself moves it. */
  showOnMap() {
    for (const id of this.selection.ids) {
      const row = this.ledger.get(id);
      const found = [...itemsOf(this.tree, id), ...(row ? [{ item: { region: row.subject, regions: row.regions, subject: row.subject } }] : [])];
      const place = found.map((each) => placeOf(each, this.words.atlas)).find(Boolean);
      if (!place) continue;
      this.stage.map.goTo(...place);
      this.#changed();
      return;
    }
    this.said.say(this.words.say("desk.no_place"));
  }

  setFilter(name, on) {
    if (on) this.#filters.add(name);
    else this.#filters.delete(name);
    this.#drawFilters();
    this.table.refilter();
    this.#changed();
  }

  unfilter() {
    this.#filters.clear();
    this.#kinds = new Set(KINDS);
    this.searchBox.value = "";
    this.table.search("");
    this.table.model = "";
    this.#drawFilters();
    this.table.refilter();
    this.#changed();
  }

  #passes(row) {
    const { replay } = this.station;
    // As known now: what was so by then, whenever it was heard of.
    if (replay?.known === "now" && Date.parse(row.at) > (this.station.moment().instant.at ?? replay.atMs)) return false;
    if (!this.#kinds.has(row.kind) && KINDS.includes(row.kind)) return false;
    if (this.#filters.has("unacked") && !this.#unacked.has(row.id)) return false;
    const start = this.tree?.night?.start;
    return !(this.#filters.has("tonight") && start && row.at < start);
  }

  #took(rows) {
    const live = !this.intake.state.loading;
    this.table.take(rows, { live });
    this.#count();
    const { first } = this.selection;
    if (first && rows.some(({ id }) => id === first)) {
      if (live) this.whole.again();
      this.table.select(this.selection.ids);
      if (!live) this.table.reveal(first);
      this.drawer.show();
    }
  }

  #heard(message) {
    if (this.station.isReplay) return;
    if (message.type === "snapshot") {
      const { epoch } = message.position ?? {};
      if (this.#epoch !== null && epoch !== this.#epoch) this.#startAnew();
      else if (this.#epoch !== null) this.intake.hear();
      this.#epoch = epoch ?? null;
    } else if (message.type === "delta" && message.events > 0) this.intake.hear();
  }

  /** Another store, or one that was emptied: nothing of before is true. */
  #startAnew(from = {}) {
    this.ledger.clear();
    this.table.api.setGridOption("rowData", []);
    this.intake.start(from);
  }

  #selected(ids, from) {
    this.table.select(ids);
    this.now.mark(ids);
    this.stage.overlay.select(ids.length ? keyOnMap(this.tree, ids[0]) : null);
    const opened = this.whole.id === null && ids.length > 0;
    this.whole.show(ids[0] ?? null);
    this.drawer.show();
    // An opened drawer leaves the table less room: what is selected stays in view.
    if (from !== "table" || opened) requestAnimationFrame(() => this.table.reveal(ids[0]));
    this.#changed({ push: opened && !this.#applying });
  }

  #drawDrawer() {
    this.drawer.show();
  }

  #drawerState() {
    const { first, ids } = this.selection;
    const tree = this.tree;
    return { id: first, ids, whole: this.whole, row: first ? this.ledger.get(first) : undefined, tree, ack: first && Object.hasOwn(tree?.acks ?? {}, first) ? tree.acks[first] : undefined };
  }

  #acked(before, after) {
    const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((id) => before[id] !== after[id]);
    if (ids.length) this.table.touch(ids);
  }

  /** What wants acknowledging may have changed. */
  #wants() {
    const ids = this.now.unacked.flatMap((each) => each.ids);
    const badge = this.chips?.unacked?.querySelector(".badge");
    if (badge) text(badge, String(this.now.unacked.length));
    if (ids.length === this.#unacked.size && ids.every((id) => this.#unacked.has(id))) return;
    this.#unacked = new Set(ids);
    if (this.#filters.has("unacked")) this.table.refilter();
  }

  #tableTools() {
    const w = this.words;
    const chip = (name, ...inside) => {
      const button = h("button", "chip-button", ...inside);
      button.type = "button";
      button.id = `chip-${name}`;
      button.addEventListener("click", () => this.setFilter(name, !this.#filters.has(name)));
      return button;
    };
    this.chips = { unacked: chip("unacked", worded(w, h("span"), "desk.filter.unacked"), h("span", "badge", "0")), tonight: chip("tonight", worded(w, h("span"), "desk.filter.tonight")) };
    this.searchBox = Object.assign(h("input", "table-search"), { type: "search", id: "table-search", autocomplete: "off", spellcheck: false });
    for (const as of ["placeholder", "label"]) worded(w, this.searchBox, "desk.search", as);
    let typed = null;
    this.searchBox.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(() => {
        this.table.search(this.searchBox.value);
        this.#count();
        this.#changed();
      }, 120);
    });
    const button = (name, act) => {
      const element = h("button", "chip-button", w.say(`desk.table.${name}`));
      element.type = "button";
      element.addEventListener("click", act);
      return element;
    };
    this.kindsMenu = switches({
      name: "kinds",
      words: w,
      key: "desk.kinds",
      items: () => KINDS.map((name) => ({ name, label: kindWord(name, w), on: this.#kinds.has(name) })),
      set: (name, on) => {
        if (on) this.#kinds.add(name);
        else this.#kinds.delete(name);
        this.#drawFilters();
        this.table.refilter();
        this.#changed();
      },
      more: (fill) => [
        button("all_kinds", () => (this.#setKinds(KINDS), fill())),
        button("no_kinds", () => (this.#setKinds([]), fill())),
      ],
    });
    this.columnsMenu = switches({
      name: "columns",
      words: w,
      key: "desk.columns",
      items: () => {
        const shown = new Set(this.table.columnsShown());
        return COLUMN_NAMES.map((name) => ({ name, label: w.say(`desk.column.${name}`), on: shown.has(name) }));
      },
      set: (name, on) => this.table.showColumn(name, on),
      more: (fill) => [button("reset_columns", () => (this.table.resetColumns(), fill()))],
    });
    this.notifyMenu = switches({
      name: "notify",
      words: w,
      key: "desk.notify",
      items: () => RULES.map((name) => ({ name, label: w.say(`desk.notify.${name}`), on: this.notifier.isOn(name), disabled: mayNotify() === "unsupported" })),
      set: (name, on) => this.#notify(name, on),
      more: () => [h("p", "menu-note", w.say(`desk.notify.is_${mayNotify()}`))],
    });
    this.root.querySelector("#table-tools").append(this.searchBox, this.chips.unacked, this.chips.tonight, this.kindsMenu, this.columnsMenu, this.notifyMenu);
    this.root.querySelector("#palette-open").addEventListener("click", () => this.palette());
    this.#drawFilters();
  }

  /** Buttons of the acts that need nothing selected. */
  #deskActs() {
    const place = this.root.querySelector("#desk-acts");
    const wanted = ["paste", "by_hand", "review", "quarantine", "handover"];
    place.replaceChildren();
    for (const { name, key, label } of this.acts.filter((act) => wanted.includes(act.name))) {
      const short = `desk.act.${name}`;
      const button = h("button", "act-button", this.words.has(short) ? this.words.say(short) : label, h("kbd", "", key));
      button.type = "button";
      button.title = label;
      button.addEventListener("click", () => this.act(name, { ids: [] }));
      place.append(button);
    }
  }

  #setKinds(kinds) {
    this.#kinds = new Set(kinds);
    this.#drawFilters();
    this.table.refilter();
    this.#changed();
  }

  async #notify(name, on) {
    this.notifier.set(name, on);
    if (on && mayNotify() === "default") await Notification.requestPermission();
    if (on && mayNotify() === "denied") this.said.say(this.words.say("desk.notify.is_denied"));
  }

  #drawFilters() {
    for (const [name, chip] of Object.entries(this.chips)) chip.setAttribute("aria-pressed", String(this.#filters.has(name)));
    const some = this.#kinds.size !== KINDS.length || KINDS.some((kind) => !this.#kinds.has(kind));
    this.kindsMenu.querySelector("button").classList.toggle("in-force", some);
  }

  #count() {
    const w = this.words;
    const { loading, complete, error } = this.intake.state;
    const parts = [w.say("desk.table.count", { shown: w.number(this.table.shown), of: w.number(this.ledger.size) })];
    if (loading) parts.push(w.say("desk.table.loading"));
    else if (!complete) parts.push(w.say("desk.table.most"));
    if (error) parts.push(w.say("desk.table.failed", { why: error }));
    const none = this.root.querySelector("#table-none");
    none.hidden = loading || this.table.shown > 0;
    text(none, w.say(this.ledger.size ? "desk.table.none_fits" : "ticker.none"));
    const foot = this.root.querySelector("#table-foot");
    text(foot, parts.join(" · "));
    foot.classList.toggle("failed", Boolean(error));
  }

  #tellOfRows({ loading }) {
    this.#count();
    if (!loading && this.selection.first) this.table.select(this.selection.ids);
  }

  // The address

  /** The view as the address holds it. */
  get view() {
    const usual = this.#kinds.size === KINDS.length && KINDS.every((kind) => this.#kinds.has(kind));
    return {
      ...EMPTY,
      filters: [...this.#filters],
      kinds: usual ? [] : this.#kinds.size ? [...this.#kinds] : ["none"],
      search: this.searchBox.value,
      sort: this.table.sort,
      off: [...this.mapTools.off],
      map: this.stage.map.chosen,
      selected: this.selection.ids.slice(0, 20),
      panel: this.selection.first && this.drawer.panel !== PANELS[0] ? this.drawer.panel : "",
      side: this.now.side === SIDES[0] ? "" : this.now.side,
      model: this.table.model,
    };
  }

  #apply(view) {
    this.#applying = true;
    this.#filters = new Set(view.filters.filter((name) => Object.hasOwn(this.chips, name)));
    this.#kinds = new Set(view.kinds.length ? view.kinds.filter((kind) => KINDS.includes(kind)) : KINDS);
    this.#drawFilters();
    this.searchBox.value = view.search;
    this.table.search(view.search);
    if (view.sort) this.table.sort = view.sort;
    this.table.model = view.model;
    this.table.refilter();
    this.drawer.open(PANELS.includes(view.panel) ? view.panel : PANELS[0]);
    this.now.open(SIDES.includes(view.side) ? view.side : SIDES[0]);
    this.mapTools.setOff(view.off);
    if (view.map) this.stage.map.goTo(...view.map);
    this.selection.set(view.selected, "address");
    this.#count();
    this.#applying = false;
  }

  /** The view changed: the address follows, soon. push: so that going back is possible. */
  #changed({ push = false } = {}) {
    if (this.#applying || !this.mapTools) return;
    this.#count();
    if (push) {
      this.#writeAddress(true);
      return;
    }
    clearTimeout(this.#addressTimer);
    this.#waiting = writeView(this.view, location.search);
    this.#addressTimer = setTimeout(() => this.#writeAddress(false), ADDRESS_MS);
  }

  #writeAddress(push) {
    clearTimeout(this.#addressTimer);
    // What one goes back to is the view as it was last, though its address was still to be written.
    if (push && this.#waiting !== null) history.replaceState(null, "", `${location.pathname}${this.#waiting}`);
    this.#waiting = null;
    const query = writeView(this.view, location.search);
    if (query === location.search) return;
    history[push ? "pushState" : "replaceState"](null, "", `${location.pathname}${query}`);
  }

  // Keys and commands

  #keys() {
    addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) {
        if (commandOf(event)?.name === "palette" && document.getElementById("dialog-palette")) {
          event.preventDefault();
          document.getElementById("dialog-palette").close();
        }
        return;
      }
      const command = commandOf(event);
      if (command) {
        if (this.run(command.name) !== false) event.preventDefault();
        return;
      }
      const act = commandOf(event, this.acts.filter(({ key }) => key).map(({ name, key }) => ({ name, keys: [key] })));
      if (!act) return;
      event.preventDefault();
      this.act(act.name);
    });
  }

  /** Do what a command of keys.mjs names; false where there was nothing to do. */
  run(name) {
    const commands = {
      palette: () => this.palette(),
      help: () => openHelp(this.words, (name) => this.words.say(`desk.help.${name}`), { groups: GROUPS, keys: KEYS, acts: this.acts }),
      close: () => this.#close(),
      search: () => (this.searchBox.focus(), this.searchBox.select()),
      next: () => this.#move(1),
      previous: () => this.#move(-1),
      newest: () => this.#newest(),
      unacked: () => this.setFilter("unacked", !this.#filters.has("unacked")),
      tonight: () => this.setFilter("tonight", !this.#filters.has("tonight")),
      unfiltered: () => this.unfilter(),
      "tab-next": () => this.selection.first && this.drawer.tabs.step(1),
      "tab-previous": () => this.selection.first && this.drawer.tabs.step(-1),
      "show-on-map": () => this.showOnMap(),
      "whole-map": () => this.mapTools.whole(),
      layers: () => this.mapTools.layers.toggle(),
      legend: () => this.mapTools.showLegend(),
      measure: () => this.mapTools.measure(),
      "grid-reference": () => this.mapTools.grid(),
      dtg: () => this.#dtg(),
      now: () => this.now.open("now"),
      log: () => this.now.open("log"),
      replay: () => this.#replay(),
      link: () => (this.#writeAddress(false), this.said.copy(location.href)),
      notify: () => this.notifyMenu.toggle(),
    };
    return Object.hasOwn(commands, name) ? commands[name]() : false;
  }

  palette() {
    const w = this.words;
    const commands = [
      ...KEYS.filter(({ name }) => name !== "palette").map(({ name, keys, word }) => ({ label: w.say(word), keys, run: () => this.run(name) })),
      ...this.acts.map(({ name, key, label }) => ({ label, keys: key ? [key] : [], run: () => this.act(name) })),
      ...Object.entries(this.language.all).map(([lang, { name }]) => ({ label: w.say("language.to", { name }), run: () => this.language.choose(lang) })),
      { label: w.say(switchWord()), run: switchTheme },
      ...["wall", "briefing"].map((name) => ({ label: w.say("desk.go", { screen: w.say(`desk.screen.${name}`) }), run: () => location.assign(`/${name}`) })),
    ];
    openPalette(w, { commands, events: (query) => this.#found(query) });
  }

  /** Events of the table that have every part of a query, the newest first. */
  #found(query) {
    const parts = query.toLowerCase().split(/\s+/);
    const found = [];
    for (const row of this.ledger.values()) {
      const words = searchText(row, this.words).toLowerCase();
      if (parts.every((part) => words.includes(part))) found.push(row);
    }
    return found
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, 8)
      .map((row) => ({
        label: [whereOf(row, this.words), whatOf(row, this.words)].filter(Boolean).join(" · "),
        sub: `${zulu(Date.parse(row.at))} · ${row.feed}`,
        run: () => this.selection.set([row.id], "palette"),
      }));
  }

  #close() {
    if (this.mapTools.measuring) return this.mapTools.measure(false);
    if (document.activeElement === this.searchBox) {
      this.searchBox.blur();
      return true;
    }
    return this.selection.clear();
  }

  #move(by) {
    const id = this.table.neighbour(this.selection.first, by);
    return id ? this.selection.set([id], "keys") : false;
  }

  #newest() {
    const id = this.table.neighbour(null, 0);
    return id ? this.selection.set([id], "keys") : false;
  }

  #dtg() {
    this.own.set("dtg", !this.own.get("dtg", false));
    this.table.reword();
  }

  /** The briefing at what is selected, else at the shown instant. */
  #replay() {
    const row = this.selection.first ? this.ledger.get(this.selection.first) : null;
    const at = row ? Date.parse(row.at) : this.station.moment().instant.at;
    if (at === null || Number.isNaN(at)) return false;
    location.assign(`/briefing?at=${new Date(at).toISOString()}`);
    return true;
  }
}

/** The table's own interface, once Dash has made it. */
function tableApi() {
  return new Promise((resolve) => {
    const look = () => {
      const grid = globalThis.dash_ag_grid;
      if (grid?.getApiAsync) grid.getApiAsync("events").then(resolve, () => setTimeout(look, 50));
      else setTimeout(look, 20);
    };
    look();
  });
}

const { config, wish } = openedPage();
const station = stationOf(config, wish);
station.start();
const [spoken, api, person] = await Promise.all([ready(config, "desk"), tableApi(), whoever()]);
expose("desk", new Desk({ ...spoken, station, person, api }));
