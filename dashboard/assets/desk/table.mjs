// The table of events: AG Grid with our columns, filters and selection. Rows come by transactions, never by Dash.

import { zuluDay, zulu, zuluSeconds, dateTimeGroup } from "../clock.mjs";
import { tableOnPaper } from "./paper.mjs";
import { kindWord, searchText, stateOf, toneOf, whatOf, whereOf } from "./rowwords.mjs";

const DAY_MS = 20 * 3_600_000;
/** How long it can be seen that a row has just come. */
const FRESH_MS = 1_500;
const text = { filter: "agTextColumnFilter", filterParams: { buttons: ["reset"], debounceMs: 150 } };

/** Columns in their first order, and which are there from the beginning. Widths in rem. */
const COLUMNS = [
  { name: "at", width: 6.4, shown: true },
  { name: "kind", width: 7.6, shown: true },
  { name: "where", width: 9, shown: true },
  { name: "what", width: 16, shown: true, flex: 1 },
  { name: "feed", width: 7.2, shown: true },
  { name: "grade", width: 4, shown: true },
  { name: "state", width: 8.5, shown: true },
  { name: "claimant", width: 9 },
  { name: "received_at", width: 7 },
  { name: "by", width: 7 },
  { name: "lang", width: 4.5 },
  { name: "revision", width: 5 },
  { name: "id", width: 14 },
];
export const COLUMN_NAMES = COLUMNS.map(({ name }) => name);

export class Table {
  #words;
  #groups = new WeakMap();
  #heard = new WeakMap();
  #setting = false;

  /**
   * api: AG Grid's. ledger: the rows. own: what the person keeps. ack(id): the Ack of an event, or undefined.
   * passes(row): the desk's own filter. chosen(ids): the person selected. changed(): filter, sort or columns did.
   */
  constructor(api, { words, ledger, own, ack, passes, chosen, changed, notation }) {
    Object.assign(this, { api, ledger, own, ack, passes, chosen, changed, notation });
    this.#words = words;
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    api.updateGridOptions({
      columnDefs: this.#columns(),
      defaultColDef: { sortable: true, resizable: true, suppressHeaderMenuButton: false, minWidth: 40 },
      isExternalFilterPresent: () => true,
      doesExternalFilterPass: ({ data }) => this.passes(data),
      rowClassRules: {
        "row-cancelled": ({ data }) => data?.msg_type === "cancel",
        "row-fresh": ({ data }) => performance.now() - (this.#heard.get(data) ?? -Infinity) < FRESH_MS,
        "row-by-hand": ({ data }) => Boolean(data?.by),
      },
      overlayNoRowsTemplate: "<span></span>",
    });
    const kept = own.get("columns", []);
    if (Array.isArray(kept) && kept.length) api.applyColumnState({ state: kept, applyOrder: true });
    for (const event of ["columnMoved", "columnResized", "columnVisible", "columnPinned", "sortChanged"]) {
      api.addEventListener(event, (told) => this.#keepColumns(told));
    }
    for (const event of ["sortChanged", "filterChanged"]) api.addEventListener(event, () => this.changed());
    tableOnPaper(api, document.getElementById("events-place"));
    api.addEventListener("cellKeyDown", ({ event, data }) => {
      if (event?.key === "Enter" && data) this.chosen([data.id]);
    });
    api.addEventListener("selectionChanged", (told) => {
      if (this.#setting || String(told.source).startsWith("api")) return;
      const focused = api.getFocusedCell();
      const first = focused ? api.getDisplayedRowAtIndex(focused.rowIndex)?.data?.id : null;
      const ids = api.getSelectedRows().map(({ id }) => id);
      this.chosen(first && ids.includes(first) ? [first, ...ids.filter((id) => id !== first)] : ids);
    });
  }

  /** Put rows in the table: of the first pages at once, of what is new so that what is read stays where it is. */
  take(rows, { live = false } = {}) {
    const { add, update } = this.ledger.take(rows);
    if (!add.length && !update.length) return;
    const anchor = live ? this.#anchor() : null;
    if (live) for (const row of [...add, ...update]) this.#heard.set(row, performance.now());
    try {
      this.api.applyTransaction({ add, update });
    } catch {
      // Whatever the table stumbled over: it gets all rows anew, so that none is missing.
      this.api.setGridOption("rowData", [...this.ledger.values()]);
    }
    if (anchor) this.#stay(anchor);
  }

  /** Rows of these events look different now: an acknowledgement came or went. */
  touch(ids) {
    const update = ids.map((id) => this.ledger.get(id)).filter(Boolean);
    for (const row of update) this.#groups.delete(row);
    if (update.length) this.api.applyTransaction({ update });
  }

  /** The words, or how times are written, are others now. */
  reword(words = this.#words) {
    this.#words = words;
    this.#groups = new WeakMap();
    // Columns that are defined anew would stand as at first.
    const state = this.api.getColumnState();
    this.api.setGridOption("columnDefs", this.#columns());
    this.api.applyColumnState({ state, applyOrder: true });
    this.api.refreshCells({ force: true });
  }

  refilter() {
    this.api.onFilterChanged();
  }

  search(words) {
    this.api.setGridOption("quickFilterText", words);
  }

  get shown() {
    return this.api.getDisplayedRowCount();
  }

  /** "at:desc" or "". */
  get sort() {
    const first = this.api.getColumnState().filter(({ sort }) => sort).sort((a, b) => a.sortIndex - b.sortIndex)[0];
    const text = first ? `${first.colId}:${first.sort}` : "";
    return text === "at:desc" ? "" : text;
  }

  set sort(text) {
    const [colId, sort] = (text || "at:desc").split(":");
    if (!COLUMN_NAMES.includes(colId)) return;
    this.api.applyColumnState({ state: [{ colId, sort }], defaultState: { sort: null } });
  }

  get model() {
    const model = this.api.getFilterModel();
    return Object.keys(model).length ? JSON.stringify(model) : "";
  }

  set model(text) {
    try {
      this.api.setFilterModel(text ? JSON.parse(text) : null);
    } catch {
      // What an address asks for need not be a model.
    }
  }

  /** Show that these are selected. */
  select(ids) {
    this.#setting = true;
    const wanted = new Set(ids);
    const off = this.api.getSelectedNodes().filter(({ data }) => !wanted.has(data.id));
    const on = ids.map((id) => this.api.getRowNode(id)).filter((node) => node && !node.isSelected());
    if (off.length) this.api.setNodesSelected({ nodes: off, newValue: false, source: "api" });
    if (on.length) this.api.setNodesSelected({ nodes: on, newValue: true, source: "api" });
    this.#setting = false;
  }

  /** Bring an event's row into view. */
  reveal(id) {
    const node = id ? this.api.getRowNode(id) : null;
    if (node?.displayed) this.api.ensureNodeVisible(node, null);
  }

  /** The event so many rows further from one, in the order that is shown; without one the first. */
  neighbour(id, by) {
    const count = this.shown;
    if (!count) return null;
    const node = id ? this.api.getRowNode(id) : null;
    const at = node?.displayed ? Math.min(count - 1, Math.max(0, node.rowIndex + by)) : 0;
    return this.api.getDisplayedRowAtIndex(at)?.data?.id ?? null;
  }

  columnsShown() {
    return this.api.getColumnState().filter(({ hide }) => !hide).map(({ colId }) => colId);
  }

  showColumn(name, isShown) {
    this.api.setColumnsVisible([name], isShown);
    this.#keepColumns({});
  }

  resetColumns() {
    this.api.resetColumnState();
    this.own.set("columns", []);
  }

  focus() {
    const [first] = this.api.getSelectedNodes().filter(({ displayed }) => displayed);
    const column = this.columnsShown()[0];
    if (this.shown && column) this.api.setFocusedCell(first?.rowIndex ?? Math.max(0, this.api.getFirstDisplayedRowIndex()), column);
  }

  #of(row) {
    let found = this.#groups.get(row);
    if (!found) {
      const w = this.#words;
      found = { kind: kindWord(row.kind, w), where: whereOf(row, w), what: whatOf(row, w), state: stateOf(row, this.ack(row.id), w) };
      this.#groups.set(row, found);
    }
    return found;
  }

  #columns() {
    const w = this.#words;
    const value = {
      kind: (row) => this.#of(row).kind,
      where: (row) => this.#of(row).where,
      what: (row) => this.#of(row).what,
      state: (row) => this.#of(row).state.text,
      claimant: (row) => (row.claimant ? w.claimant(row.claimant) : ""),
    };
    const instants = ["at", "received_at"];
    return COLUMNS.map(({ name, width, shown = false, flex }) => ({
      colId: name,
      headerName: w.say(`desk.column.${name}`),
      headerTooltip: w.say(`desk.column.${name}`),
      valueGetter: ({ data }) => (value[name] ? value[name](data) : (data[name] ?? "")),
      ...(instants.includes(name)
        ? { valueFormatter: ({ value: iso }) => this.#instant(iso), tooltipValueGetter: ({ value: iso }) => (iso ? dateTimeGroup(Date.parse(iso)) : ""), getQuickFilterText: () => "" }
        : { ...text, tooltipValueGetter: ({ value: full }) => full }),
      ...(name === "at" ? { sort: "desc", sortingOrder: ["desc", "asc"] } : {}),
      ...(name === "what" ? { getQuickFilterText: ({ data }) => searchText(data, w) } : { getQuickFilterText: () => "" }),
      cellClass: name === "kind" ? ({ data }) => ["cell-kind", `tone-${toneOf(data)}`] : name === "state" ? ({ data }) => `state-${this.#of(data).state.kind || "none"}` : `cell-${name}`,
      width: width * this.rem,
      hide: !shown,
      ...(flex ? { flex, minWidth: 8 * this.rem } : {}),
    }));
  }

  #instant(iso) {
    if (!iso) return "";
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) return "";
    const { dtg, now } = this.notation();
    if (dtg) return dateTimeGroup(ms);
    return now !== null && Math.abs(now - ms) > DAY_MS ? `${zuluDay(ms)} ${zulu(ms)}` : zuluSeconds(ms);
  }

  #keepColumns({ finished, source }) {
    if (finished === false || source === "api" || source === "gridOptionsUpdated") return;
    const state = this.api.getColumnState().map(({ colId, width, hide, sort, sortIndex, flex }) => ({ colId, width, hide, sort, sortIndex, flex }));
    this.own.set("columns", state);
  }

  #anchor() {
    const { top } = this.api.getVerticalPixelRange();
    if (top < 1) return null;
    const node = this.api.getDisplayedRowAtIndex(this.api.getFirstDisplayedRowIndex());
    return node ? { node, shift: top - node.rowTop } : null;
  }

  #stay({ node, shift }) {
    if (!node.displayed || node.rowTop === null) return;
    const view = document.querySelector("#events .ag-body-viewport");
    const wanted = node.rowTop + shift;
    if (view && Math.abs(view.scrollTop - wanted) > 1) view.scrollTop = wanted;
  }
}
