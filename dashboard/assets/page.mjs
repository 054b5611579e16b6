// What the page was given to begin with: its configuration, and what its address asks for.

/** The configuration that the server wrote into the page. */
export function pageConfig(doc = document) {
  return JSON.parse(doc.getElementById("watchfloor").textContent);
}

/**
 * What the address asks for.
 * theatre: the folder name of a theatre. scale: 0.5 to 3, multiplies every size. Anything else is left out.
 */
export function asked(search) {
  const params = new URLSearchParams(search);
  const theatre = params.get("theatre") ?? "";
  const scale = Number(params.get("scale"));
  return {
    ...(/^[a-z][a-z0-9-]{0,63}$/.test(theatre) ? { theatre } : {}),
    ...(Number.isFinite(scale) && scale >= 0.5 && scale <= 3 ? { scale } : {}),
  };
}

/** Where the gateway of this page listens: its host is the page's, its port is the configuration's. */
export function gatewayUrl(config, theatre, location) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const host = location.hostname;
  return `${scheme}//${host}:${config.gateway_port}/v1/picture?theatre=${encodeURIComponent(theatre)}`;
}
