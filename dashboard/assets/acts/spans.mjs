// A text cut at the places that values were read from, and at what was left unread. Places count code points.

import { cut } from "../desk/spans.mjs";

const NAME = /^(\d+):(.*)$/;

/**
 * Pieces in order: [{ text, marks: [{ reading, path }], left }].
 * spans: [{ reading, path, start, end }]. left: [[start, end], …]. Places outside of the text are none.
 */
export function pieces(text, spans, left = []) {
  const places = { "": left };
  for (const { reading, path, start, end } of spans) (places[`${reading}:${path}`] ??= []).push([start, end]);
  return cut(text, places).map(({ text: said, fields }) => ({
    text: said,
    marks: fields.filter(Boolean).map((name) => {
      const [, reading, path] = NAME.exec(name);
      return { reading: Number(reading), path };
    }),
    left: fields.includes(""),
  }));
}

/** A text of anybody's, with what steers its direction shown as a sign. */
export const visible = (text) => cut(text).map(({ text: said }) => said).join("");

/** What the reader calls some values, and the fields that they are in. */
const FIELDS = {
  claimants: "claimant",
  window_start: "valid_from",
  window_end: "valid_to",
  occurred_at: "valid_from",
  since: "valid_from",
  cause_region: "cause",
  place: "position",
  airports_closed_icao: "airports_closed",
};

const fieldOf = (path) => FIELDS[path] ?? path;

/** All spans of readings, by the fields of forms: [{ reading: n, path, start, end }]. */
export function spansOf(events) {
  return events.flatMap((event, reading) =>
    Object.entries(event?.evidence?.spans ?? {}).flatMap(([path, places]) => places.map(([start, end]) => ({ reading, path: fieldOf(path), start, end }))),
  );
}
