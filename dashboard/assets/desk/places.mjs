// Places and distances in words: latitude and longitude or the military grid, kilometres, nautical miles, bearing.

import { bearingDeg, distanceKm, KM_PER_NM } from "../geometry.mjs";
import { mgrs } from "../mgrs.mjs";

const degrees = (value, wide, positive, negative) => {
  const size = Math.abs(value);
  return `${String(Math.floor(size)).padStart(wide, "0")}°${String(((size % 1) * 60).toFixed(2)).padStart(5, "0")}′${value < 0 ? negative : positive}`;
};

/** "50°27.12′N 030°31.40′E", or the grid's name. */
export function placeWords([lon, lat], isGrid) {
  const grid = isGrid ? mgrs(lon, lat, 4) : null;
  return grid ?? `${degrees(lat, 2, "N", "S")} ${degrees(lon, 3, "E", "W")}`;
}

/** "182.4 km · 98.5 NM · 071°" between two places. */
export function measured(from, to, words) {
  const km = distanceKm(from, to);
  const bearing = String(Math.round(bearingDeg(from, to)) % 360).padStart(3, "0");
  return words.say("desk.measure.said", { km: words.number(km, km < 100 ? 1 : 0), nm: words.number(km / KM_PER_NM, km < 100 ? 1 : 0), bearing });
}
