// What the page was given to begin with: its configuration, and what its address asks for.

const SLUG = /^[a-z][a-z0-9-]{0,63}$/;
const REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/;

const within = (text, least, most) => {
  const value = Number(text);
  return text !== null && text !== "" && Number.isFinite(value) && value >= least && value <= most ? value : null;
};

/** "21-06": from which hour to which, local, no bell rings. */
function hours(text) {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text ?? "") ?? [];
  return from !== undefined && from < 24 && to < 24 && from !== to ? { from: Number(from), to: Number(to) } : null;
}

/**
 * What the address asks for; anything else is left out.
 * theatre: the folder name of a theatre. scale: 0.5 to 3, multiplies every size. layouts: names, shown in turn, `every` so many
 * seconds (10 to 3600). shift: "off" keeps the picture from being moved against burn-in. sound: "off" for no bells. mute: hours
 * between which none rings. watch: regions whose all-clear rings. follow: the briefing room that this screen follows.
 */
export function asked(search) {
  const params = new URLSearchParams(search);
  const theatre = params.get("theatre") ?? "";
  const scale = within(params.get("scale"), 0.5, 3);
  const every = within(params.get("every"), 10, 3600);
  const list = (name, pattern) => (params.get(name) ?? "").split(",").filter((each) => pattern.test(each)).slice(0, 40);
  const layouts = list("layouts", SLUG);
  const watch = list("watch", REGION);
  const mute = hours(params.get("mute"));
  const follow = params.get("follow") ?? "";
  return {
    ...(SLUG.test(theatre) ? { theatre } : {}),
    ...(scale === null ? {} : { scale }),
    ...(layouts.length ? { layouts } : {}),
    ...(every === null ? {} : { every }),
    ...(params.get("shift") === "off" ? { shift: "off" } : {}),
    ...(params.get("sound") === "off" ? { sound: "off" } : {}),
    ...(mute ? { mute } : {}),
    ...(watch.length ? { watch } : {}),
    ...(SLUG.test(follow) ? { follow } : {}),
  };
}

/** The configuration that the server wrote into the page, and what its address asks for; the page has the size of that from now on. */
export function openedPage() {
  const wish = asked(location.search);
  if (wish.scale) document.documentElement.style.setProperty("--scale", String(wish.scale));
  return { config: JSON.parse(document.getElementById("watchfloor").textContent), wish };
}

/** Where the gateway of this page listens: its host is the page's, its port is the configuration's. */
export function gatewayUrl(config, theatre, location) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const host = location.hostname;
  return `${scheme}//${host}:${config.gateway_port}/v1/picture?theatre=${encodeURIComponent(theatre)}`;
}
