// Starts the wall: a view for each part of the screen.

import { Bells } from "./bells.mjs";
import { blink } from "./blink.mjs";
import { text } from "./build.mjs";
import { openedPage } from "./page.mjs";
import { PictureScreen } from "./picturescreen.mjs";
import { ReplayBand } from "./replay/band.mjs";
import { Caption } from "./replay/caption.mjs";
import { followMap, stationOf } from "./replay/follow.mjs";
import { Rotation, shiftAgainstBurnIn } from "./rotation.mjs";
import { expose } from "./screen.mjs";
import { selfTest } from "./selftest.mjs";
import { ready } from "./station.mjs";
import { StripView } from "./strip.mjs";
import { switchTheme } from "./theme.mjs";
import { Watchdog, loadWhenNewer } from "./watchdog.mjs";

const TICK_MS = 200;

class Wall extends PictureScreen {
  constructor({ wish, language, ...of }) {
    super(of);
    const { root, words, station } = this;
    this.language = language;
    this.strip = new StripView(root, words);
    this.band = new ReplayBand(words, (band) => root.querySelector(".middle").prepend(band));
    this.caption = new Caption(words, { place: root.querySelector("#map-place") });
    followMap(station, this.stage, (view) => this.caption.show(view?.chapter ?? null, view?.chapter?.n, view?.chapter?.of));
    this.#kiosk(wish);
    this.begin(TICK_MS);
  }

  reword() {
    super.reword();
    this.tell();
  }

  tick(now = this.station.moment()) {
    super.tick(now);
    const { tree, instant } = now;
    const { station } = this;
    this.band.show(now, station.replay, station.room ? this.words.say("replay.following", { room: station.room }) : "");
    this.#ring(now);
    if (tree !== null) this.strip.show(tree, instant.at);
  }

  /** Bells ring for the present alone, also while a replay is followed. */
  #ring(now) {
    const { live } = this.station;
    const { tree, status } = live === this.station ? now : (live?.moment() ?? { tree: null });
    if (tree === null) return;
    // Of a picture that is not of now nothing is news but that.
    const lost = status.kind === "link-lost" || status.kind === "store-lost";
    if (this.bells.look(tree, { lost }).includes("scramble")) this.rotation.hold();
  }

  /** What a screen needs that nobody touches: bells, layouts in turn, and an eye on itself. */
  #kiosk(wish) {
    const { station, root, words: w, zones } = this;
    const state = root.querySelector("#wall-state");
    const tell = () => {
      const { rotation, bells } = this;
      if (!rotation || !bells) return;
      const turn = { name: rotation.name, n: rotation.names.indexOf(rotation.name) + 1, of: rotation.names.length };
      const said = [
        rotation.unknown.length ? w.say("layout.unknown", { names: rotation.unknown.join(", ") }) : "",
        rotation.names.length > 1 ? w.say("layout.turn", turn) : "",
        w.say(`sound.${bells.state}`),
      ];
      text(state, said.filter(Boolean).join(" · "));
      state.dataset.sound = bells.state;
    };
    const hour = () => Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hour12: false, timeZone: zones[0]?.zone }).format(station.time.now())) % 24;
    this.bells = new Bells(station.live ? wish : { ...wish, sound: "off" }, { hour, onState: tell });
    this.rotation = new Rotation(root, station.config.layouts, wish, tell);
    this.watchdog = new Watchdog({
      time: station.live?.time ?? { known: false },
      element: root.querySelector("#faults"),
      say: ({ key, ms }) => w.say(key, { age: w.age(ms) }),
    });
    if (wish.shift !== "off") shiftAgainstBurnIn(root);
    blink(root);
    this.tell = tell;
    tell();
    setInterval(tell, 60_000);
    addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
      if (ctrlKey || metaKey || altKey || target.closest?.("input, textarea, select")) return;
      if (key === "t") selfTest(root, { bells: this.bells, watchdog: this.watchdog, link: station.link, words: w });
      if (key === "m") this.bells.toggle();
      if (key === "l") this.language.next();
      if (key === "d") switchTheme();
    });
    let idle = 0;
    const wake = () => {
      root.classList.remove("untouched");
      clearTimeout(idle);
      idle = setTimeout(() => root.classList.add("untouched"), 5000);
    };
    addEventListener("pointermove", wake);
    wake();
    station.onMessage(({ type }) => {
      if (type === "welcome") loadWhenNewer(station.config);
    });
  }
}

const { config, wish } = openedPage();
const station = stationOf(config, wish);
station.start();
expose("wall", new Wall({ ...(await ready(config, "wall")), station, wish }));
