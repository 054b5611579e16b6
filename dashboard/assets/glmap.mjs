// The one place that reaches through Plotly to its MapLibre map: not a public way, and pinned with plotly.
// A browser test fails loudly when it moves.

/**
 * Keep Plotly from moving the map. It does so whenever it has laid the graph out, with the view of a layout that may be long out
 * of date: that of its first plot waits for all that the map loads. It leaves a map alone that somebody drags.
 */
function leaveView(subplot) {
  Object.defineProperty(subplot, "dragging", { get: () => true, set: () => {} });
}

/** Why this browser cannot draw the map, or null when it can. */
export function obstacle() {
  try {
    const canvas = document.createElement("canvas");
    const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    if (!gl) return "no-webgl";
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return null;
  } catch {
    return "no-webgl";
  }
}

/** Resolves to Plotly's MapLibre map in `place` once there is one, whose view is ours alone. Rejects after `patienceMs`. */
export function whenMap(place, patienceMs = 20_000) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const look = () => {
      const subplot = place.querySelector(".js-plotly-plot")?._fullLayout?.map?._subplot;
      if (subplot?.map) {
        leaveView(subplot);
        resolve(subplot.map);
      } else if (performance.now() - began > patienceMs) reject(new Error("Plotly made no map"));
      else setTimeout(look, 25);
    };
    look();
  });
}
