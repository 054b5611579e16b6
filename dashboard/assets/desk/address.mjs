// The address of a view: everything that one needs to see the same, in the page's URL and back. Hostile like all input.

const NAME = /^[\w.:~/|@+-]{1,256}$/;
const number = (text, least, most) => {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) && value >= least && value <= most ? value : null;
};

/**
 * A view: { filters: [chip names], kinds: [event kinds], search, sort: "at:desc", layers: [names that are off],
 * map: [lon, lat, zoom] | null, selected: [event ids], panel, side, columns: AG Grid's filter model as JSON }.
 */
export const EMPTY = { filters: [], kinds: [], search: "", sort: "", off: [], map: null, selected: [], panel: "", side: "", model: "" };

const list = (text) => (text ?? "").split(",").map((each) => each.trim()).filter((each) => NAME.test(each)).slice(0, 32);

/** The view that a query asks for; what is no part of a view, or not as it should be, is left out. */
export function readView(query) {
  const params = new URLSearchParams(query);
  const [lon, lat, zoom] = (params.get("map") ?? "").split(",");
  const place = [number(lon ?? "", -180, 180), number(lat ?? "", -85, 85), number(zoom ?? "", 0, 22)];
  const sort = params.get("sort") ?? "";
  let model = params.get("model") ?? "";
  try {
    if (model) JSON.parse(model);
  } catch {
    model = "";
  }
  return {
    filters: list(params.get("show")),
    kinds: list(params.get("kinds")),
    search: (params.get("q") ?? "").slice(0, 200),
    sort: /^[a-z_]+:(asc|desc)$/.test(sort) ? sort : "",
    off: list(params.get("off")),
    map: place.includes(null) ? null : place,
    selected: params.getAll("id").filter((id) => id.length <= 256).slice(0, 200),
    panel: /^[a-z]{1,16}$/.test(params.get("panel") ?? "") ? params.get("panel") : "",
    side: /^[a-z]{1,16}$/.test(params.get("side") ?? "") ? params.get("side") : "",
    model: model.length <= 2_000 ? model : "",
  };
}

/** The query of a view, other parameters of the address (theatre, scale) kept. */
export function writeView(view, before = "") {
  const params = new URLSearchParams(before);
  for (const name of ["show", "kinds", "q", "sort", "off", "map", "id", "panel", "side", "model"]) params.delete(name);
  const put = (name, value) => value && params.set(name, value);
  put("show", view.filters.join(","));
  put("kinds", view.kinds.join(","));
  put("q", view.search);
  put("sort", view.sort);
  put("off", view.off.join(","));
  if (view.map) put("map", view.map.map((value, n) => value.toFixed(n === 2 ? 2 : 4)).join(","));
  for (const id of view.selected) params.append("id", id);
  put("panel", view.panel);
  put("side", view.side);
  put("model", view.model);
  const text = params.toString();
  return text ? `?${text}` : "";
}
