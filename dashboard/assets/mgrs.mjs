// A position as the military grid names it (MGRS, WGS 84), and back: zone, band, 100 km square, easting and northing.
// Transverse Mercator by Krüger's series to the third order, which is right to a millimetre within a zone.

const A = 6378137;
const F = 1 / 298.257223563;
const N = F / (2 - F);
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
];
const BETA = [N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3, N ** 2 / 48 + N ** 3 / 15, (17 / 480) * N ** 3];
const DELTA = [2 * N - (2 / 3) * N ** 2 - 2 * N ** 3, (7 / 3) * N ** 2 - (8 / 5) * N ** 3, (56 / 15) * N ** 3];
const ECCENTRICITY = (2 * Math.sqrt(N)) / (1 + N);
const SCALE = 0.9996;

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const ROWS = "ABCDEFGHJKLMNPQRSTUV";
const COLUMNS = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"];
const SQUARE_M = 100_000;
const ROWS_M = 2_000_000;
const GRID = /^(\d{1,2})([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*(\d*)\s*(\d*)$/;

const radians = (angle) => (angle * Math.PI) / 180;
const degrees = (angle) => (angle * 180) / Math.PI;

/** Zones are 6° wide, but for those of Norway and Svalbard. */
function zoneOf(lon, lat) {
  if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12) return 32;
  if (lat >= 72 && lon >= 0 && lon < 42) return [31, 33, 35, 37][[9, 21, 33].filter((edge) => lon >= edge).length];
  return Math.min(60, Math.floor((lon + 180) / 6) + 1);
}

/** { zone, easting, northing } in metres, the northing from the equator, or from 10,000 km south of it. */
function utm(lon, lat) {
  const zone = zoneOf(lon, lat);
  const [phi, lambda] = [radians(lat), radians(lon - (6 * zone - 183))];
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - ECCENTRICITY * Math.atanh(ECCENTRICITY * Math.sin(phi)));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)));
  let [x, y] = [eta, xi];
  ALPHA.forEach((alpha, n) => {
    const k = 2 * (n + 1);
    x += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
    y += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
  });
  return {
    zone,
    easting: 500_000 + SCALE * RECTIFYING * x,
    northing: SCALE * RECTIFYING * y + (lat < 0 ? 10_000_000 : 0),
  };
}

/**
 * "35U QR 12345 67890": digits 1 to 5 of each axis, 10 km to 1 m. A place lies in its square, so what is finer is cut off,
 * not rounded. null beyond 84° N and 80° S, where another grid begins.
 */
export function mgrs(lon, lat, digits = 5) {
  if (!(lat >= -80 && lat <= 84 && lon >= -180 && lon <= 180)) return null;
  const { zone, easting, northing } = utm(lon === 180 ? -180 : lon, lat);
  const band = BANDS[Math.min(BANDS.length - 1, Math.floor((lat + 80) / 8))];
  const column = COLUMNS[(zone - 1) % 3][Math.floor(easting / SQUARE_M) - 1];
  const row = ROWS[(Math.floor(northing / SQUARE_M) + (zone % 2 ? 0 : 5)) % ROWS.length];
  const cut = (metres) => String(Math.floor(metres % SQUARE_M)).padStart(5, "0").slice(0, digits);
  return `${zone}${band} ${column}${row} ${cut(easting)} ${cut(northing)}`;
}

/** { lon, lat } of the middle of the square that a reference in capitals names; null for what is none. */
export function fromMgrs(typed) {
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
