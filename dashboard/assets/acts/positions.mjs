// Positions as an operator types them: degrees, degrees and minutes, or the military grid.

import { mgrs } from "../mgrs.mjs";

const A = 6378137;
const F = 1 / 298.257223563;
const N = F / (2 - F);
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const BETA = [N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3, N ** 2 / 48 + N ** 3 / 15, (17 / 480) * N ** 3];
const DELTA = [2 * N - (2 / 3) * N ** 2 - 2 * N ** 3, (7 / 3) * N ** 2 - (8 / 5) * N ** 3, (56 / 15) * N ** 3];
const SCALE = 0.9996;
const SQUARE_M = 100_000;
const ROWS_M = 2_000_000;
const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const ROWS = "ABCDEFGHJKLMNPQRSTUV";
const COLUMNS = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"];

const degrees = (angle) => (angle * 180) / Math.PI;

const PLAIN = /^([+-]?\d{1,3}(?:[.,]\d+)?)\s*([NS])?\s*[,;/ ]\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*([EW])?$/;
const LEADING = /^([NS])\s*(\d{1,3}(?:\.\d+)?)\s*[,;/ ]?\s*([EW])\s*(\d{1,3}(?:\.\d+)?)$/;
const SEXAGESIMAL = /^(\d{1,2})[°\s]\s*(\d{1,2}(?:\.\d+)?)?['′\s]?\s*(\d{1,2}(?:\.\d+)?)?["″\s]*\s*([NS])[\s,;/]*(\d{1,3})[°\s]\s*(\d{1,2}(?:\.\d+)?)?['′\s]?\s*(\d{1,2}(?:\.\d+)?)?["″\s]*\s*([EW])$/;
const NOTAM = /^(\d{2})(\d{2})(\d{2})?([NS])\s*(\d{3})(\d{2})(\d{2})?([EW])$/;
const GRID = /^(\d{1,2})([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*(\d*)\s*(\d*)$/;

/** { lon, lat } in degrees of what a text means, or null where it means nothing or lies nowhere. */
export function parsePosition(text) {
  const typed = text.trim().toUpperCase().replace(/[\u2019´`]/g, "'").replace(/''/g, '"').replace(/\s+/g, " ");
  const found = grid(typed) ?? angles(typed);
  return found && Math.abs(found.lat) <= 90 && Math.abs(found.lon) <= 180 ? found : null;
}

function angles(typed) {
  const signed = (value, hemisphere) => (hemisphere === "S" || hemisphere === "W" ? -value : value);
  const whole = (d, m = 0, s = 0) => (Number(m) < 60 && Number(s) < 60 ? Number(d) + Number(m) / 60 + Number(s) / 3600 : NaN);
  const made = (lat, lon) => (Number.isFinite(lat) && Number.isFinite(lon) ? { lon, lat } : null);
  let m = LEADING.exec(typed);
  if (m) return made(signed(Number(m[2]), m[1]), signed(Number(m[4]), m[3]));
  m = NOTAM.exec(typed);
  if (m) return made(signed(whole(m[1], m[2], m[3]), m[4]), signed(whole(m[5], m[6], m[7]), m[8]));
  m = SEXAGESIMAL.exec(typed);
  if (m) return made(signed(whole(m[1], m[2], m[3]), m[4]), signed(whole(m[5], m[6], m[7]), m[8]));
  m = PLAIN.exec(typed);
  if (m) return made(signed(Number(m[1].replace(",", ".")), m[2]), signed(Number(m[3].replace(",", ".")), m[4]));
  return null;
}

/** The middle of the square that an MGRS reference names; null for what is none. */
function grid(typed) {
  const m = GRID.exec(typed);
  if (!m) return null;
  const digits = m[5] + m[6];
  if (digits.length % 2 || digits.length > 10 || (m[6] && m[5].length !== m[6].length)) return null;
  const zone = Number(m[1]);
  const column = COLUMNS[(zone - 1) % 3]?.indexOf(m[3]) ?? -1;
  const row = ROWS.indexOf(m[4]);
  if (zone < 1 || zone > 60 || column < 0 || row < 0) return null;
  const half = digits.length / 2;
  const cell = SQUARE_M / 10 ** half;
  const easting = (column + 1) * SQUARE_M + Number(digits.slice(0, half) || 0) * cell + cell / 2;
  const within = ((row + (zone % 2 ? 0 : 15)) % ROWS.length) * SQUARE_M + Number(digits.slice(half) || 0) * cell + cell / 2;
  const south = m[2] < "N";
  // Rows repeat every 2,000 km: the band tells which of them is meant.
  for (let northing = within; northing < 10_000_000; northing += ROWS_M) {
    const found = geographic(zone, easting, northing - (south ? 10_000_000 : 0));
    const band = BANDS[Math.min(BANDS.length - 1, Math.floor((found.lat + 80) / 8))];
    const near = Math.abs(BANDS.indexOf(m[2]) - BANDS.indexOf(band)) <= 1;
    if (band === m[2] || (near && mgrs(found.lon, found.lat, 0)?.startsWith(`${zone}${m[2]}`))) return found;
  }
  return null;
}

/** Transverse Mercator backwards, by Krüger's series: metres of a zone to degrees. */
function geographic(zone, easting, northing) {
  const [y, x] = [northing / (SCALE * RECTIFYING), (easting - 500_000) / (SCALE * RECTIFYING)];
  let [xi, eta] = [y, x];
  BETA.forEach((beta, n) => {
    const k = 2 * (n + 1);
    xi -= beta * Math.sin(k * y) * Math.cosh(k * x);
    eta -= beta * Math.cos(k * y) * Math.sinh(k * x);
  });
  const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
  const phi = chi + DELTA.reduce((sum, delta, n) => sum + delta * Math.sin(2 * (n + 1) * chi), 0);
  return { lat: degrees(phi), lon: 6 * zone - 183 + degrees(Math.atan2(Math.sinh(eta), Math.cos(xi))) };
}

/** "50.85000, 24.71000": how a position stands in a field. */
export const writtenPosition = ({ lon, lat }) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** How it was understood: "50.8500° N 24.7100° E · 35U LS 38832 36239". */
export function echoedPosition({ lon, lat }) {
  const plain = `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? "W" : "E"}`;
  const square = mgrs(lon, lat);
  return square ? `${plain} · ${square}` : plain;
}
