// The map under the overlay: paints regions by their alert, frames the theatre, and leaves the viewer's view alone.

import { fit } from "./geometry.mjs";
import { whenMap } from "./glmap.mjs";

// An underscore in the name keeps Plotly from looking for the picture elsewhere.
const HATCH = "wf_hatch";

const PAINT = { red: "red", plain: "red", yellow: "yellow", other: "other", permanent: "permanent" };

/** Line layers of the style and their widths in rem. */
const LINES = { "region-lines": 0.05, "alert-lines": 0.08, "yellow-lines": 0.1, "country-lines": 0.09 };

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
  #permanent = "";
  #rem = 0;

  constructor(place, atlas, onChange) {
    this.place = place;
    this.atlas = atlas;
    this.onChange = onChange;
  }

  /** Resolves when the map is there. Rejects when Plotly makes none. */
  async start() {
    const { graph, map } = await whenMap(this.place);
    this.graph = graph;
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
    this.frame();
    await until(() => map.getSource("borders") && map.getLayer("permanent"));
    this.#addHatch();
    this.#widths();
    map.on("style.load", () => {
      this.#painted = {};
      this.#permanent = "";
      this.#rem = 0;
      this.#addHatch();
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

  /** Show the theatre, unless the viewer chose a view. */
  frame() {
    if (this.viewerMoved) return;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    if (!width || !height) return;
    const { lon, lat, zoom } = fit(this.atlas.bounds, width, height);
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** Lines as wide as the screen asks for: twice on a screen of twice the height. */
  #widths() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (rem === this.#rem) return;
    this.#rem = rem;
    for (const [layer, width] of Object.entries(LINES)) this.map.setPaintProperty(layer, "line-width", width * rem);
  }

  /** Colour the regions. byRegionMap: of alerts.mjs. */
  show(byRegionMap) {
    this.#wanted = byRegionMap;
    if (this.map?.getSource("borders")) this.#paint();
  }

  /** What the overlay needs to put things where the map has them. */
  view() {
    const { lng, lat } = this.map.getCenter();
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    return { lon: lng, lat, zoom: this.map.getZoom(), width, height };
  }

  #paint() {
    const wanted = {};
    const permanent = [];
    for (const [key, { kind }] of Object.entries(this.#wanted)) {
      wanted[key] = PAINT[kind];
      if (kind === "permanent") permanent.push(key);
    }
    for (const key of new Set([...Object.keys(this.#painted), ...Object.keys(wanted)])) {
      if (this.#painted[key] === wanted[key]) continue;
      this.map.setFeatureState({ source: "borders", id: key }, { alert: wanted[key] ?? "" });
    }
    this.#painted = wanted;
    const hatched = permanent.sort().join();
    if (hatched !== this.#permanent) {
      this.#permanent = hatched;
      this.map.setFilter("permanent", ["in", ["get", "key"], ["literal", permanent]]);
    }
  }

  #addHatch() {
    const size = 16;
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const context = canvas.getContext("2d");
    context.strokeStyle = "#a4525c";
    context.lineWidth = 2.4;
    for (const shift of [-size, 0, size]) {
      context.beginPath();
      context.moveTo(shift, size);
      context.lineTo(shift + size, 0);
      context.stroke();
    }
    if (!this.map.hasImage(HATCH)) this.map.addImage(HATCH, context.getImageData(0, 0, size, size), { pixelRatio: 1.6 });
    this.map.setPaintProperty("permanent", "fill-pattern", HATCH);
    this.map.setPaintProperty("permanent", "fill-opacity", 1);
  }
}
