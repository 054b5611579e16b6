// The table of events on paper: its rows in their order, since AG Grid makes only those that are in sight.

import { h } from "../build.mjs";

/** Ten pages. */
const MOST_ROWS = 400;

/** api: AG Grid's. place: where the table goes while it is printed. */
export function tableOnPaper(api, place) {
  let table = null;
  addEventListener("beforeprint", () => {
    table?.remove();
    const columns = api.getAllDisplayedColumns();
    const rows = [];
    api.forEachNodeAfterFilterAndSort((rowNode) => {
      if (rows.length === MOST_ROWS) return;
      const cells = columns.map((colKey) => h("td", "", String(api.getCellValue({ rowNode, colKey, useFormatter: true }) ?? "")));
      rows.push(h("tr", "", ...cells));
    });
    const names = columns.map((column) => h("th", "", api.getDisplayNameForColumn(column, "header") ?? ""));
    table = h("table", "paper-table", h("thead", "", h("tr", "", ...names)), h("tbody", "", ...rows));
    place.append(table);
  });
  addEventListener("afterprint", () => {
    table?.remove();
    table = null;
  });
}
