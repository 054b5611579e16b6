// What an operator does with the map: layers, legend, where the pointer is, measuring, and showing what is selected.

import { h, text } from "../build.mjs";
import { worded } from "../language.mjs";
import { unprojection } from "../geometry.mjs";
import { LAYERS } from "../overlay.mjs";
import { pointOf } from "../scene.mjs";
import { switches } from "./menu.mjs";
import { measured, placeWords } from "./places.mjs";

/** Where something of the picture is, or null: [lon, lat]. */
export function placeOf({ list, item }, atlas) {
  if (item.position) return [item.position.lon, item.position.lat];
  if (item.centre) return [item.centre.lon, item.centre.lat];
  const base = list === "scrambles" ? (item.bases ?? []).find((icao) => Object.hasOwn(atlas.bases ?? {}, icao)) : item.subject;
  if (base && Object.hasOwn(atlas.bases ?? {}, base)) return [atlas.bases[base].lon, atlas.bases[base].lat];
  const key = [item.region, ...(item.regions ?? []), item.country].find((each) => each && pointOf(each, atlas));
  return key ? pointOf(key, atlas) : null;
}

export class MapTools {
  off = new Set();
  #from = null;
  #to = null;
  measuring = false;

  /** stage, words, own; choose(hit): something on the map was clicked; changed(): layers or the view did. */
  constructor(root, { stage, words, own, choose, changed }) {
    Object.assign(this, { stage, words, own, choose, changed });
    this.place = root.querySelector("#map-place");
    this.foot = root.querySelector("#map-foot");
    this.legend = root.querySelector("#legend");
    this.where = h("span", "where");
    this.length = h("span", "length");
    this.foot.append(this.length, this.where);
    this.layers = switches({
      name: "layers",
      words,
      key: "desk.layers",
      items: () => LAYERS.map((name) => ({ name, label: words.say(`desk.layer.${name}`), on: !this.off.has(name) })),
      set: (name, on) => this.setOff([...(on ? [...this.off].filter((each) => each !== name) : [...this.off, name])]),
    });
    this.buttons = {
      legend: this.#button("legend", () => this.showLegend()),
      measure: this.#button("measure", () => this.measure()),
      grid: this.#button("grid", () => this.grid()),
      whole: this.#button("whole", () => this.whole()),
    };
    root.querySelector("#map-tools").append(this.layers, ...Object.values(this.buttons));
    this.#fillLegend();
    this.#press("grid", own.get("mgrs", false));
    this.showLegend(own.get("legend", false));
    this.place.addEventListener("pointermove", (event) => this.#pointed(event));
    this.place.addEventListener("pointerleave", () => text(this.where, ""));
    let down = null;
    this.place.addEventListener("pointerdown", (event) => (down = [event.clientX, event.clientY]));
    this.place.addEventListener("click", (event) => {
      if (event.target.closest(".legend, .layers, .map-foot")) return;
      if (down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 4) return;
      const point = this.#at(event);
      this.clicked = point ? { lon: point[0], lat: point[1] } : null;
      if (this.#pointing) this.#pointing(this.clicked);
      else if (this.measuring) this.#step(point);
      else this.choose(this.stage.hit(event));
    });
  }

  /** Once the map is there. */
  begin() {
    this.stage.map.map?.on("moveend", () => this.stage.map.viewerMoved && this.changed());
  }

  whole() {
    this.stage.map.whole();
    this.changed();
  }

  setOff(names) {
    this.off = new Set(names.filter((name) => LAYERS.includes(name)));
    this.stage.overlay.layers(Object.fromEntries(LAYERS.map((name) => [name, !this.off.has(name)])));
    this.changed();
  }

  showLegend(on = this.legend.hidden) {
    this.legend.hidden = !on;
    this.#press("legend", on);
    this.own.set("legend", on);
    this.stage.overlay.ask();
  }

  grid(on = !this.own.get("mgrs", false)) {
    this.own.set("mgrs", on);
    this.#press("grid", on);
    if (this.#last) text(this.where, placeWords(this.#last, on));
  }

  /** Begin or end to measure. */
  measure(on = !this.measuring) {
    this.measuring = on;
    this.#from = this.#to = null;
    this.#press("measure", on);
    this.place.classList.toggle("measuring", on);
    this.stage.overlay.measure = null;
    text(this.length, on ? this.words.say("desk.measure.first") : "");
  }

  #last = null;
  #pointing = null;
  /** Where the map was last clicked: { lon, lat }, or null. */
  clicked = null;

  /** Resolves to the place that the person clicks next, or to null where Escape takes it back. */
  point() {
    return new Promise((resolve) => {
      const end = (place) => {
        this.#pointing = null;
        this.place.classList.remove("pointing");
        text(this.length, "");
        removeEventListener("keydown", escape, true);
        resolve(place);
      };
      const escape = (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.preventDefault();
        end(null);
      };
      this.#pointing = end;
      this.place.classList.add("pointing");
      text(this.length, this.words.say("desk.point"));
      addEventListener("keydown", escape, true);
    });
  }

  #step(point) {
    if (!point) return;
    if (this.#from && this.#to) this.#from = this.#to = null;
    if (!this.#from) this.#from = point;
    else this.#to = point;
    this.#draw(point);
  }

  #draw(point) {
    const to = this.#to ?? point;
    this.stage.overlay.measure = this.#from ? { from: this.#from, to } : null;
    text(this.length, this.#from ? measured(this.#from, to, this.words) : this.words.say("desk.measure.first"));
  }

  #pointed(event) {
    const point = this.#at(event);
    this.#last = point;
    text(this.where, point ? placeWords(point, this.own.get("mgrs", false)) : "");
    if (this.measuring && this.#from && !this.#to && point) this.#draw(point);
  }

  #at({ clientX, clientY }) {
    if (!this.stage.map.map) return null;
    const frame = this.place.getBoundingClientRect();
    return unprojection(this.stage.map.view())(clientX - frame.left, clientY - frame.top);
  }

  #button(name, act) {
    const button = worded(this.words, h("button", "chip-button"), `desk.tool.${name}`);
    button.type = "button";
    button.id = `tool-${name}`;
    button.setAttribute("aria-pressed", "false");
    if (name === "whole") button.removeAttribute("aria-pressed");
    button.addEventListener("click", act);
    return button;
  }

  #press(name, on) {
    this.buttons?.[name]?.setAttribute("aria-pressed", String(on));
  }

  #fillLegend() {
    const kinds = ["red", "part", "calculated", "yellow", "permanent", "threat", "approximate", "scramble", "closed", "strike", "track", "link", "marker"];
    this.legend.replaceChildren(...kinds.map((kind) => h("li", "", h("i", `swatch swatch-${kind}`), worded(this.words, h("span"), `legend.${kind}`))));
  }
}
