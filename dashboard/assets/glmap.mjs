// The one place that reaches through Plotly to its MapLibre map: not a public way, and pinned with plotly.
// A browser test fails loudly when it moves.

/** The MapLibre map of a Plotly graph, or null while there is none. */
export const mapOf = (graph) => graph?._fullLayout?.map?._subplot?.map ?? null;

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

/** Resolves to { graph, map } once Plotly has made the map in `place`. Rejects after `patienceMs`. */
export function whenMap(place, patienceMs = 20_000) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const look = () => {
      const graph = place.querySelector(".js-plotly-plot");
      const map = mapOf(graph);
      if (map) resolve({ graph, map });
      else if (performance.now() - began > patienceMs) reject(new Error("Plotly made no map"));
      else setTimeout(look, 25);
    };
    look();
  });
}
