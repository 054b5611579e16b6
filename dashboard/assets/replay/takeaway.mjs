// The take-away: what is in sight, or the briefing, as a file; long work shows how far it is and can be given up.

import { request } from "../acts/sending.mjs";
import { h, text } from "../build.mjs";
import { openDialog } from "../dialog.mjs";

const PATH = "/api/v1/exports";
const REPORTS = "/api/v1/reports";
const MOST_REPORTS = 30;
const LOOK_EVERY_MS = 500;
const KINDS = ["html", "pptx", "pdf", "report", "csv", "geojson", "parquet"];

/** The kinds that the server makes, of its answer, in our order. */
function kindsOf(answer) {
  const listed = new Set((answer.kinds ?? []).map((each) => (typeof each === "string" ? each : each.kind)));
  return KINDS.filter((kind) => listed.has(kind));
}

export class TakeAway {
  #jobs = [];
  #list = null;

  /** wanted(): { from, to, known, title, briefing } of what is shown now. */
  constructor({ words, say, wanted, ask = request }) {
    Object.assign(this, { words, say, wanted, ask });
    this.button = h("button", "control");
    this.button.type = "button";
    this.button.id = "control-take";
    this.button.addEventListener("click", (event) => {
      this.open();
      if (event.detail > 0) this.button.blur();
    });
    this.show();
  }

  show() {
    const running = this.#jobs.filter(({ state }) => state === "running").length;
    text(this.button, running ? this.words.say("briefing.take_running", { n: running }) : this.words.say("briefing.take"));
  }

  async open() {
    const w = this.words;
    const answers = await Promise.all([PATH, REPORTS].map((path) => this.ask("GET", path).catch(() => ({ status: 0, body: {} }))));
    const [made, reports] = answers.map(({ status, body }) => (status === 200 ? body : {}));
    const kinds = kindsOf(made);
    const wanted = this.wanted();
    openDialog("take", {
      title: w.say("briefing.take"),
      className: "take-dialog",
      build: () => {
        this.#list = h("ul", "take-jobs");
        this.#draw();
        const buttons = kinds.map((kind) => {
          const button = h("button", "take-kind", h("b", "", w.say(`briefing.take.${kind}`)), h("span", "aside", w.say(`briefing.take.${kind}_more`)));
          button.type = "button";
          button.dataset.kind = kind;
          button.addEventListener("click", () => this.#begin(kind));
          return button;
        });
        return [
          h("h1", "", w.say("briefing.take")),
          h("p", "aside", w.say("briefing.take_more", { from: wanted.shownFrom, to: wanted.shownTo, n: wanted.briefing?.chapters?.length ?? 0 })),
          buttons.length ? h("div", "take-kinds", ...buttons) : h("p", "", w.say("briefing.take_none")),
          this.#list,
          h("h2", "", w.say("briefing.reports")),
          this.#reports(reports.reports ?? []),
        ];
      },
    });
  }

  /** The reports that were made by themselves when a night was over. */
  #reports(reports) {
    const w = this.words;
    if (!reports.length) return h("p", "aside", w.say("briefing.reports_none"));
    const link = (name) => Object.assign(h("a", "small-button", name.split(".").pop().toUpperCase()), { href: `${REPORTS}/${encodeURIComponent(name)}`, target: "_blank" });
    return h("ul", "take-jobs take-reports", ...reports.slice(0, MOST_REPORTS).map(({ night, names }) => h("li", "", h("b", "", night), h("span", "take-links", ...names.map(link)))));
  }

  async #begin(kind) {
    const { from, to, known, epoch, title, briefing } = this.wanted();
    const asked = { kind, from, to, known, ...(epoch ? { epoch } : {}), ...(title ? { title } : {}), ...(briefing ? { briefing } : {}), lang: this.words.lang };
    const job = { kind, state: "running", progress: 0, id: "", reason: "" };
    this.#jobs.unshift(job);
    this.#draw();
    const { status, body } = await this.ask("POST", PATH, asked).catch(() => ({ status: 0, body: {} }));
    if (status !== 200 && status !== 202) Object.assign(job, { state: "failed", reason: body.detail ?? String(status) });
    else {
      job.id = body.job;
      this.#watch(job);
    }
    this.#draw();
  }

  async #watch(job) {
    while (job.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const { status, body } = await this.ask("GET", `${PATH}/${encodeURIComponent(job.id)}`).catch(() => ({ status: 0, body: {} }));
      if (status === 200) Object.assign(job, { state: body.state, progress: body.progress ?? 0, reason: body.reason ?? "", size: body.size });
      else if (status >= 400 && status < 500) Object.assign(job, { state: "failed", reason: body.detail ?? String(status) });
      this.#draw();
    }
  }

  async #cancel(job) {
    const { status, body } = await this.ask("POST", `${PATH}/${encodeURIComponent(job.id)}/cancel`, {}).catch(() => ({ status: 0, body: {} }));
    if (status === 200) job.state = body.state ?? "cancelled";
    else this.say(body.detail ?? this.words.say("briefing.take_no_answer"));
    this.#draw();
  }

  #draw() {
    this.show();
    this.#list?.replaceChildren(...this.#jobs.map((job) => this.#row(job)));
  }

  #row(job) {
    const w = this.words;
    const percent = Math.round(100 * job.progress);
    const parts = [h("b", "", w.say(`briefing.take.${job.kind}`))];
    if (job.state === "running") {
      const bar = Object.assign(h("progress"), { max: 100, value: percent });
      const give = Object.assign(h("button", "small-button", w.say("briefing.take_cancel")), { type: "button", disabled: !job.id });
      give.addEventListener("click", () => this.#cancel(job));
      parts.push(bar, h("span", "", `${percent} %`), give);
    } else if (job.state === "done") {
      const link = Object.assign(h("a", "small-button main", w.say("briefing.take_file")), { href: `${PATH}/${encodeURIComponent(job.id)}/file`, download: "" });
      parts.push(link);
    } else parts.push(h("span", "take-state", [w.say(`briefing.take_${job.state}`), job.reason].filter(Boolean).join(": ")));
    const row = h("li", "", ...parts);
    row.dataset.state = job.state;
    return row;
  }
}
