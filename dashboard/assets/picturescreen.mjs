// What the wall, the briefing and the take-away show alike: the panels beside the map and over it, and the cards of what is in them.

import { AdvisoriesView } from "./advisories.mjs";
import { AlertsView } from "./alerts.mjs";
import { text } from "./build.mjs";
import { pictureCards } from "./cards.mjs";
import { CountersView } from "./counters.mjs";
import { ScramblesView } from "./scrambles.mjs";
import { Screen } from "./screen.mjs";
import { StatementsView } from "./statements.mjs";
import { leadClaim } from "./tally.mjs";
import { ThreatsView } from "./threats.mjs";
import { TickerView } from "./ticker.mjs";

export class PictureScreen extends Screen {
  #symbols;

  /** symbols: where the symbols of threats are, as sprites.mjs has it. */
  constructor(of, symbols = `${of.station.config.assets}/symbols`) {
    super(of);
    this.#symbols = symbols;
    this.#views();
    this.statements = new StatementsView(this.root, this.words);
    pictureCards(this);
  }

  #views() {
    const { root, words } = this;
    this.counters = new CountersView(root, words, this.zones);
    this.scrambles = new ScramblesView(root, words);
    this.threats = new ThreatsView(root, words, this.#symbols);
    this.alerts = new AlertsView(root, words);
    this.advisories = new AdvisoriesView(root, words);
    this.ticker = new TickerView(root, words);
    text(root.querySelector("#theatre-title"), words.atlas.title);
  }

  reword() {
    super.reword();
    this.#views();
  }

  show(now = this.station.moment()) {
    const changed = super.show(now);
    if (changed === null) return null;
    const { tree, serverNow, instant } = now;
    if (changed("alerts", "regions", "alerting")) this.alerts.show(tree, this.stage.byRegion);
    if (changed("claims", "tally", "records", "feeds", "night")) this.counters.show(tree, serverNow, instant);
    this.scrambles.show(tree);
    this.statements.show(tree.statements);
    this.threats.show(tree.threats, leadClaim(tree) !== null);
    if (changed("claims", "tally", "scrambles", "threats")) this.statements.fit();
    this.ticker.show(tree.ticker, performance.now());
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    return changed;
  }

  tick(now = this.station.moment()) {
    const isNewSecond = super.tick(now);
    const { tree, serverNow, instant } = now;
    if (tree === null) return false;
    this.alerts.tick(instant.at);
    this.scrambles.tick(instant.at);
    this.ticker.tick(performance.now());
    if (this.advisories.show(tree.advisories, instant.at, tree.acks)) this.stage.overlay.ask();
    if (isNewSecond) this.counters.show(tree, serverNow, instant);
    return isNewSecond;
  }
}
