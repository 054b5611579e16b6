// The map under the overlay: paints regions by their alert, frames the theatre, and leaves the viewer's view alone.

import { fit } from "./geometry.mjs";
import { whenMap } from "./glmap.mjs";
import { Pace } from "./pace.mjs";
import { recolour } from "./recolour.mjs";

const PAINT = { red: "red", plain: "red", yellow: "yellow", other: "other", permanent: "permanent" };

/**
 * Layers with stripes for the regions they are filtered to: permanent; in part, with stripes of the land's colour; and in
 * part under red while the whole is under yellow. Widths in rem. An underscore in the pattern's name keeps Plotly from
 * looking for it elsewhere.
 */
const STRIPES = {
  permanent: { pattern: "wf_permanent", ink: "#a4525c", every: 0.5, wide: 0.075, falls: false },
  part: { pattern: "wf_part", ink: "#15212d", every: 0.8, wide: 0.28, falls: true },
  "part-over": { pattern: "wf_part_over", ink: "#7d1f2c", every: 0.8, wide: 0.28, falls: true },
};
const PATTERN_PX = 32;
/** How near a place is shown that was asked for before there is a map. */
const START_ZOOM = 6;
/** A repaint of the map is the dearest thing on the page: after one the next change waits so long. */
const PAINT_EVERY_MS = 250;

/** Line layers of the style and their widths in rem. */
const LINES = { "region-lines": 0.05, "alert-lines": 0.08, "yellow-lines": 0.1, "calculated-lines": 0.14, "country-lines": 0.09 };

/** What a region is painted as: its kind, with "-part" or "-calculated" where that is all it is. */
function paintOf({ kind, extent, under }) {
  if (extent === "whole") return PAINT[kind];
  return extent === "part" && under === "yellow" ? "yellow" : `${PAINT[kind]}-${extent}`;
}

/** Polled, because the map may have told of it before anybody listened. */
const until = (condition) =>
  new Promise((resolve) => {
    const look = () => (condition() ? resolve() : setTimeout(look, 15));
    look();
  });

export class MapView {
  map = null;
  viewerMoved = false;
  #painted = {};
  #wanted = {};
  #filtered = {};
  #rem = 0;
  /** The style as it came, and what each of its colours is in the theme. */
  #style = null;
  #theme = "dark";
  /** [lon, lat, zoom] that was asked for last: before there is a map it waits for it. */
  #asked = null;
  #pace = new Pace(PAINT_EVERY_MS, () => this.map?.getSource("borders") && this.#paint());

  constructor(place, atlas, onChange) {
    this.place = place;
    this.atlas = atlas;
    this.onChange = onChange;
  }

  /** Resolves when the map is there. Rejects when Plotly makes none. */
  async start() {
    const map = await whenMap(this.place);
    this.map = map;
    map.dragRotate?.disable();
    map.touchZoomRotate?.disableRotation();
    map.touchPitch?.disable();
    map.keyboard?.disableRotation?.();
    for (const name of ["dragstart", "zoomstart"]) {
      map.on(name, (event) => {
        if (event.originalEvent) this.viewerMoved = true;
      });
    }
    for (const name of ["move", "resize"]) map.on(name, this.onChange);
    map.on("resize", () => {
      this.frame();
      this.#widths();
    });
    if (this.#asked) this.goTo(...this.#asked);
    else this.frame();
    await until(() => map.getSource("borders") && Object.keys(STRIPES).every((layer) => map.getLayer(layer)));
    this.#style = map.getStyle();
    this.#colour();
    this.#widths();
    map.on("style.load", () => {
      this.#painted = {};
      this.#filtered = {};
      this.#rem = 0;
      this.#colour();
      this.#widths();
      this.#paint();
    });
    this.#paint();
    const painted = () => {
      if (!map.areTilesLoaded()) return;
      map.off("render", painted);
      performance.mark("watchfloor-map-painted");
      document.documentElement.dataset.map = "drawn";
    };
    map.on("render", painted);
    map.triggerRepaint();
  }

  /** [lon, lat, zoom] of what is seen, where the viewer chose it; else null. */
  get chosen() {
    if (!this.viewerMoved) return null;
    if (!this.map) return this.#asked;
    const { lon, lat, zoom } = this.view();
    return [lon, lat, zoom];
  }

  /** Show a place that was asked for, not moved to by hand; without a zoom, as near as it is. */
  goTo(lon, lat, zoom = this.map?.getZoom() ?? START_ZOOM) {
    this.viewerMoved = true;
    this.#asked = [lon, lat, zoom];
    this.map?.jumpTo({ center: [lon, lat], zoom });
  }

  /** Show what a map of another height showed, from top to bottom. height: of that map, in pixels; 0 for the same. */
  goToSame([lon, lat, zoom], height) {
    const scale = height > 0 && this.map ? Math.log2(this.view().height / height) : 0;
    this.goTo(lon, lat, zoom + scale);
  }

  /** The whole theatre again, whatever the viewer chose. */
  whole() {
    this.viewerMoved = false;
    this.#asked = null;
    this.frame();
  }

  /** Show the theatre, unless the viewer chose a view. */
  frame() {
    if (this.viewerMoved || !this.map) return;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    if (!width || !height) return;
    const { lon, lat, zoom } = fit(this.atlas.bounds, width, height);
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** Show it in the colours of a theme. */
  dress(theme) {
    this.#theme = theme;
    if (!this.#style) return;
    this.#colour();
    this.#rem = 0;
    this.#widths();
  }

  /** What is seen of it now, as a canvas of its own in the colours of a theme; null where there is no map. */
  picture(theme) {
    if (!this.map) return null;
    // Drawn in this very task: later the browser has given the pixels away.
    this.map.redraw();
    const drawn = this.map.getCanvas();
    const { width, height } = drawn;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(drawn, 0, 0);
    const others = this.#style?.metadata?.[theme];
    if (theme !== this.#theme && others) recolour(context, others);
    return canvas;
  }

  /** A colour of the style, as it is in the theme. */
  #inked(colour) {
    return this.#style.metadata?.[this.#theme]?.[colour] ?? colour;
  }

  #colour() {
    const inked = (value) => (Array.isArray(value) ? value.map(inked) : typeof value === "string" ? this.#inked(value) : value);
    for (const { id, paint = {} } of this.#style.layers) {
      for (const [name, value] of Object.entries(paint)) {
        if (name.endsWith("-color")) this.map.setPaintProperty(id, name, inked(value));
      }
    }
  }

  /** Lines as wide as the screen asks for: twice on a screen of twice the height. */
  #widths() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (rem === this.#rem) return;
    this.#rem = rem;
    for (const [layer, width] of Object.entries(LINES)) this.map.setPaintProperty(layer, "line-width", width * rem);
    for (const [layer, stripes] of Object.entries(STRIPES)) this.#addStripes(layer, stripes);
  }

  /** Colour the regions. byRegionMap: of alerts.mjs. */
  show(byRegionMap) {
    this.#wanted = byRegionMap;
    this.#pace.ask();
  }

  /** What the overlay needs to put things where the map has them. */
  view() {
    const { lng, lat } = this.map.getCenter();
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    return { lon: lng, lat, zoom: this.map.getZoom(), width, height };
  }

  /** The drawn region under a point of the window, or null. */
  regionAt(clientX, clientY) {
    if (!this.map?.getLayer("land")) return null;
    const frame = this.map.getContainer().getBoundingClientRect();
    const [found] = this.map.queryRenderedFeatures([clientX - frame.left, clientY - frame.top], { layers: ["land"] });
    return found?.properties?.key ?? null;
  }

  #paint() {
    const wanted = {};
    const keys = { permanent: [], part: [], "part-over": [], "calculated-lines": [] };
    for (const [key, region] of Object.entries(this.#wanted)) {
      wanted[key] = paintOf(region);
      if ((region.extent === "whole" ? region.kind : region.under) === "permanent") keys.permanent.push(key);
      if (region.extent === "part") keys[region.under === "yellow" ? "part-over" : "part"].push(key);
      if (region.extent === "calculated") keys["calculated-lines"].push(key);
    }
    for (const key of new Set([...Object.keys(this.#painted), ...Object.keys(wanted)])) {
      if (this.#painted[key] === wanted[key]) continue;
      this.map.setFeatureState({ source: "borders", id: key }, { alert: wanted[key] ?? "" });
    }
    this.#painted = wanted;
    for (const [layer, of] of Object.entries(keys)) this.#filter(layer, of.sort());
  }

  /** A filter cuts the polygons anew, so it is set where it changes; what a layer has none of costs nothing. */
  #filter(layer, keys) {
    const joined = keys.join();
    if ((this.#filtered[layer] ?? "") === joined) return;
    this.#filtered[layer] = joined;
    this.map.setFilter(layer, ["in", ["get", "key"], ["literal", keys]]);
  }

  #addStripes(layer, { pattern, ink, every, wide, falls }) {
    const size = PATTERN_PX;
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const context = canvas.getContext("2d");
    context.strokeStyle = this.#inked(ink);
    context.lineWidth = (size * wide) / every;
    if (falls) context.setTransform(-1, 0, 0, 1, size, 0);
    for (const shift of [-size, 0, size]) {
      context.beginPath();
      context.moveTo(shift - size / 2, 1.5 * size);
      context.lineTo(shift + 1.5 * size, -size / 2);
      context.stroke();
    }
    if (this.map.hasImage(pattern)) this.map.removeImage(pattern);
    this.map.addImage(pattern, context.getImageData(0, 0, size, size), { pixelRatio: size / (every * this.#rem) });
    this.map.setPaintProperty(layer, "fill-pattern", pattern);
    this.map.setPaintProperty(layer, "fill-opacity", 1);
  }
}
