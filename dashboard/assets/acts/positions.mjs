// Positions as an operator types them: degrees, degrees and minutes, or the military grid.

import { fromMgrs, mgrs } from "../mgrs.mjs";

const PLAIN = /^([+-]?\d{1,3}(?:[.,]\d+)?)\s*([NS])?\s*[,;/ ]\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*([EW])?$/;
const LEADING = /^([NS])\s*(\d{1,3}(?:\.\d+)?)\s*[,;/ ]?\s*([EW])\s*(\d{1,3}(?:\.\d+)?)$/;
const SEXAGESIMAL = /^(\d{1,2})[°\s]\s*(\d{1,2}(?:\.\d+)?)?['′\s]?\s*(\d{1,2}(?:\.\d+)?)?["″\s]*\s*([NS])[\s,;/]*(\d{1,3})[°\s]\s*(\d{1,2}(?:\.\d+)?)?['′\s]?\s*(\d{1,2}(?:\.\d+)?)?["″\s]*\s*([EW])$/;
const NOTAM = /^(\d{2})(\d{2})(\d{2})?([NS])\s*(\d{3})(\d{2})(\d{2})?([EW])$/;

/** { lon, lat } in degrees of what a text means, or null where it means nothing or lies nowhere. */
export function parsePosition(text) {
  const typed = text.trim().toUpperCase().replace(/[\u2019´`]/g, "'").replace(/''/g, '"').replace(/\s+/g, " ");
  const found = fromMgrs(typed) ?? angles(typed);
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

/** "50.85000, 24.71000": how a position stands in a field. */
export const writtenPosition = ({ lon, lat }) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** How it was understood: "50.8500° N 24.7100° E · 35U LS 38832 36239". */
export function echoedPosition({ lon, lat }) {
  const plain = `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? "W" : "E"}`;
  const square = mgrs(lon, lat);
  return square ? `${plain} · ${square}` : plain;
}
