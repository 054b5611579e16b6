// What every screen stands on: one link, one picture, one clock, and what a moment of them looks like.

import { askTicket, sayWhoLooks } from "./access.mjs";
import { shownInstant } from "./clock.mjs";
import { Link } from "./link.mjs";
import { Language, reword } from "./language.mjs";
import { gatewayUrl } from "./page.mjs";
import { Picture } from "./picture.mjs";
import { loadSymbols } from "./sprites.mjs";
import { ServerTime } from "./servertime.mjs";
import { statusOf } from "./status.mjs";
import { themeButton } from "./theme.mjs";

const pickLink = ({ state, attempt, closeCode, closeReason }) => ({ state, attempt, closeCode, closeReason });

/**
 * config: the page's. wish: what its address asks for. url: where the frames come from, else the gateway.
 * Listeners hear of every frame and every change of the link: `onChange`; and of each message as it came: `onMessage`.
 */
export class Station {
  time = new ServerTime();
  picture = new Picture();
  store = { state: "ok", lostAtMs: null };
  startedAtMs = Date.now();
  #changed = new Set();
  #heard = new Set();

  constructor(config, wish, url = gatewayUrl(config, config.theatre, location)) {
    this.config = config;
    /** A theatre that was asked for and is not this server's: then nothing is shown, least of all another theatre. */
    this.foreign = wish.theatre && wish.theatre !== config.theatre ? wish.theatre : "";
    this.link = new Link(url, {
      position: () => this.picture.position,
      frame: (message) => this.#frame(message),
      state: () => this.#tell(),
      ticket: askTicket,
    });
  }

  /** Whether what it shows is replayed. */
  get isReplay() {
    return false;
  }

  /** The station of the present, or null where only a replay is shown. */
  get live() {
    return this;
  }

  start() {
    if (!this.foreign) this.link.start();
  }

  onChange(listener) {
    this.#changed.add(listener);
  }

  onMessage(listener) {
    this.#heard.add(listener);
  }

  get tree() {
    return this.picture.tree;
  }

  /** What a moment looks like to every view. */
  moment() {
    const { time, link, picture, store } = this;
    const serverNow = time.now();
    const lostAtMs = link.lostAt === null ? serverNow : serverNow - (link.monotonic() - link.lostAt);
    // With the link or the store lost nobody knows how things go on: clocks and timers stand where they were.
    // A replay stands at its own instant, which does not go by with the time since the link was lost.
    const frozenMs = this.isReplay ? serverNow : lostAtMs;
    const knownMs = link.state !== "up" ? frozenMs : store.state === "lost" ? (store.lostAtMs ?? serverNow) : serverNow;
    const instant = shownInstant(picture.tree, picture.tree === null ? serverNow : knownMs);
    const ties = { ...pickLink(link), lostAtMs, startedAtMs: this.startedAtMs, foreign: this.foreign };
    const status = statusOf({ link: ties, store, tree: picture.tree, instant, replay: this.isReplay });
    return { tree: picture.tree, serverNow, instant, link: ties, status, store, replay: this.isReplay };
  }

  #frame(message) {
    const { time, picture, store } = this;
    if (message.server_time) time.heard(message.server_time);
    if (message.type === "snapshot") picture.load(message.picture, message.position);
    else if (message.type === "delta") picture.apply(message.patch, message.position);
    if (message.type === "heartbeat") {
      store.state = message.store === "lost" ? "lost" : "ok";
      store.lostAtMs = message.store_lost_at ? Date.parse(message.store_lost_at) : (store.lostAtMs ?? time.now());
      if (store.state === "ok") store.lostAtMs = null;
    }
    for (const hear of this.#heard) hear(message);
    this.#tell();
  }

  #tell() {
    for (const change of this.#changed) change();
  }
}

/** Calls `show` once with the next frame, however often it is asked; a hidden page has no frames, so then soon. */
export function onNextFrame(show) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const run = () => {
      asked = false;
      show();
    };
    if (document.visibilityState === "hidden") setTimeout(run, 250);
    else requestAnimationFrame(run);
  };
}

/** The screen's own element, when Dash has laid it out. */
function whenLaidOut(id) {
  return new Promise((resolve) => {
    const look = () => {
      const root = document.getElementById(id);
      if (root && globalThis.dash_clientside?.set_props) resolve(root);
      else setTimeout(look, 20);
    };
    look();
  });
}

/** What a screen needs before it can begin: its element, the words with the theatre's names, and the language they are of. */
export async function ready(config, id) {
  const [{ words, language }, root] = await Promise.all([
    Language.of(config),
    whenLaidOut(id),
    loadSymbols(`${config.assets}/symbols`, config.symbols),
  ]);
  reword(words);
  sayWhoLooks(words);
  document.getElementById("language")?.replaceChildren(themeButton(words), language.menu());
  return { root, words, language };
}
