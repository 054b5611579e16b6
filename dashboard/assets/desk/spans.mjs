// A text cut at the spans that prove its fields. Spans count characters (code points), as the events do; a span that
// lies outside of the text is none.

/** What steers the direction of text, or nothing that can be seen: shown as a sign, so that a text cannot pose as another. */
const STEERING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Pieces of the text in order: [{ text, fields: [dotted paths] }]. spans: { path: [[start, end], …] }. */
export function cut(text, spans = {}) {
  const characters = Array.from(text);
  const end = characters.length;
  const marks = Object.entries(spans).flatMap(([path, places]) =>
    places.filter(([a, b]) => Number.isInteger(a) && Number.isInteger(b) && a >= 0 && a < b && b <= end).map(([a, b]) => [a, b, path]),
  );
  const edges = [...new Set([0, end, ...marks.flatMap(([a, b]) => [a, b])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, n) => ({
    text: characters.slice(from, edges[n + 1]).join("").replace(STEERING, "\ufffd"),
    fields: [...new Set(marks.filter(([a, b]) => a <= from && b >= edges[n + 1]).map(([, , path]) => path))],
  }));
}
