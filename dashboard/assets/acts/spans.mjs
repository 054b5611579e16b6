// A text cut at the places that values were read from, and at what was left unread. Places count code points.

/**
 * Pieces in order: [{ text, marks: [{ reading, path }], left }].
 * spans: [{ reading, path, start, end }]. left: [[start, end], …]. Places outside of the text are none.
 */
export function pieces(text, spans, left = []) {
  const characters = Array.from(text);
  const fits = (start, end) => Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= characters.length;
  const read = spans.filter(({ start, end }) => fits(start, end));
  const unread = left.filter(([start, end]) => fits(start, end));
  const edges = [...new Set([0, characters.length, ...read.flatMap(({ start, end }) => [start, end]), ...unread.flat()])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, n) => {
    const to = edges[n + 1];
    return {
      text: characters.slice(from, to).join(""),
      marks: read.filter(({ start, end }) => start <= from && end >= to).map(({ reading, path }) => ({ reading, path })),
      left: unread.some(([start, end]) => start <= from && end >= to),
    };
  });
}

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

export const fieldOf = (path) => FIELDS[path] ?? path;

/** All spans of readings, by the fields of forms: [{ reading: n, path, start, end }]. */
export function spansOf(events) {
  return events.flatMap((event, reading) =>
    Object.entries(event?.evidence?.spans ?? {}).flatMap(([path, places]) => places.map(([start, end]) => ({ reading, path: fieldOf(path), start, end }))),
  );
}
