// Where things are on the screen and on the earth.

export const TILE_PX = 512;
const EARTH_RADIUS_KM = 6371.0088;
export const KM_PER_NM = 1.852;
const radians = (degrees) => (degrees * Math.PI) / 180;
const degrees = (angle) => (angle * 180) / Math.PI;

/** Web Mercator, both axes 0 to 1. */
export const mercatorX = (lon) => (lon + 180) / 360;
export function mercatorY(lat) {
  const y = Math.log(Math.tan(Math.PI / 4 + radians(Math.max(-85, Math.min(85, lat))) / 2));
  return (1 - y / Math.PI) / 2;
}

/** A projection for one moment of an unrotated map: (lon, lat) to [x, y] in CSS pixels. */
export function projection({ lon, lat, zoom, width, height }) {
  const size = TILE_PX * 2 ** zoom;
  const [cx, cy] = [mercatorX(lon) * size, mercatorY(lat) * size];
  return (pointLon, pointLat) => [mercatorX(pointLon) * size - cx + width / 2, mercatorY(pointLat) * size - cy + height / 2];
}

/** The other way round: [x, y] in CSS pixels to [lon, lat]. */
export function unprojection({ lon, lat, zoom, width, height }) {
  const size = TILE_PX * 2 ** zoom;
  const [cx, cy] = [mercatorX(lon), mercatorY(lat)];
  return (x, y) => [
    (cx + (x - width / 2) / size) * 360 - 180,
    degrees(Math.atan(Math.sinh(Math.PI * (1 - 2 * (cy + (y - height / 2) / size))))),
  ];
}

/** Centre and zoom that show all of [west, south, east, north], keeping `pad` pixels free on each side. */
export function fit([west, south, east, north], width, height, pad = { top: 0, right: 0, bottom: 0, left: 0 }) {
  const [x0, x1] = [mercatorX(west), mercatorX(east)];
  const [y0, y1] = [mercatorY(north), mercatorY(south)];
  const scale = Math.min((width - pad.left - pad.right) / (x1 - x0), (height - pad.top - pad.bottom) / (y1 - y0));
  const zoom = Math.log2(scale / TILE_PX);
  const middleX = (x0 + x1) / 2 + (pad.right - pad.left) / 2 / scale;
  const middleY = (y0 + y1) / 2 + (pad.bottom - pad.top) / 2 / scale;
  return {
    lon: middleX * 360 - 180,
    lat: degrees(Math.atan(Math.sinh(Math.PI * (1 - 2 * middleY)))),
    zoom,
  };
}

/** Great-circle distance in kilometres (haversine). */
export function distanceKm([lon1, lat1], [lon2, lat2]) {
  const a =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(a));
}

/** The course on which a great circle from one point to another begins: degrees from true north, 0 to 360. */
export function bearingDeg([lon1, lat1], [lon2, lat2]) {
  const [a, b, c] = [radians(lat1), radians(lat2), radians(lon2 - lon1)];
  const angle = Math.atan2(Math.sin(c) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(c));
  return (degrees(angle) + 360) % 360;
}

/** Where one is after `km` on a great circle that begins on a bearing: [lon, lat]. */
export function destination([lon, lat], bearing, km) {
  const [a, c, d] = [radians(lat), radians(bearing), km / EARTH_RADIUS_KM];
  const sin = Math.sin(a) * Math.cos(d) + Math.cos(a) * Math.sin(d) * Math.cos(c);
  const east = Math.atan2(Math.sin(c) * Math.sin(d) * Math.cos(a), Math.cos(d) - Math.sin(a) * sin);
  return [lon + degrees(east), degrees(Math.asin(sin))];
}

/** Points on the great circle between two points, both among them. */
export function greatCircle(from, to, steps = 32) {
  const [bearing, km] = [bearingDeg(from, to), distanceKm(from, to)];
  return [...Array.from({ length: steps }, (_, n) => destination(from, bearing, (km * n) / steps)), to];
}

/** The corners of a circle on the ground. */
export const circle = (centre, km, steps = 48) => Array.from({ length: steps }, (_, n) => destination(centre, (360 * n) / steps, km));

/** Kilometres a CSS pixel, at a latitude. */
export const kmPerPixel = (lat, zoom) =>
  (2 * Math.PI * EARTH_RADIUS_KM * Math.cos(radians(lat))) / (TILE_PX * 2 ** zoom);

/**
 * Where the line from the middle of a box to a point outside it leaves the box, and its angle.
 * box: { left, top, right, bottom }. Returns null for a point inside.
 */
export function edgePoint([x, y], box) {
  if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return null;
  const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const [dx, dy] = [x - cx, y - cy];
  const reach = Math.min(
    dx ? (dx > 0 ? box.right - cx : box.left - cx) / dx : Infinity,
    dy ? (dy > 0 ? box.bottom - cy : box.top - cy) / dy : Infinity,
  );
  return { x: cx + dx * reach, y: cy + dy * reach, angle: Math.atan2(dy, dx) };
}

/** A round number of kilometres that is at most `pixels` long on the map: { km, px }. */
export function scaleBar(pixels, kmPerPx) {
  const most = pixels * kmPerPx;
  const power = 10 ** Math.floor(Math.log10(most));
  const km = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
  return { km, px: km / kmPerPx };
}
