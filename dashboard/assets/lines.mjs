// What happened, in one line of the page's language: for the ticker and for the marks on the time strip.

/** tick: a Tick or a Mark of the picture. Returns { tone, subject, what } with tone for colour and shape. */
export function lineOf(tick, words) {
  const { kind, subject = "", detail = {} } = tick;
  const name = words.subject(subject);
  const [family, happened = ""] = kind.split(".");
  switch (family) {
    case "alert":
      return happened === "end"
        ? { tone: "clear", subject: name, what: words.say("line.all_clear") }
        : { tone: detail.level === "yellow" ? "yellow" : "red", subject: name, what: alertWords(detail, words) };
    case "threat": {
      const what = threatWords(detail, words);
      return happened === "end"
        ? { tone: "clear", subject: name, what: words.say("line.threat_over", { what }) }
        : { tone: "threat", subject: name, what };
    }
    case "scramble": {
      const cause = (detail.cause_regions ?? "").split(",").filter(Boolean).map((key) => words.region(key));
      const allied = detail.allied === "yes" ? "_allied" : "";
      const what = words.say(happened === "end" ? "line.scramble_end" : `line.scramble${allied}`);
      const because = cause.length && happened !== "end" ? words.say("line.cause", { cause: cause.slice(0, 3).join(", ") }) : "";
      return { tone: "scramble", subject: name, what: because ? `${what} · ${because}` : what };
    }
    case "raid_report":
      return { tone: "report", subject: name, what: figures(detail, words) };
    case "strike": {
      const region = detail.region ? words.region(detail.region) : "";
      const weapon = detail.weapon ? words.say(`weapon.${detail.weapon}`) : "";
      return { tone: "strike", subject: name, what: [words.say("line.strike"), region, weapon].filter(Boolean).join(" · ") };
    }
    case "statement":
      return { tone: "statement", subject: name, what: detail.topic ?? "" };
    case "restriction":
      return {
        tone: happened === "closed" ? "closed" : "clear",
        subject: name,
        what: words.say(happened === "closed" ? "line.closed" : "line.reopened"),
      };
    default:
      return { tone: "other", subject: name, what: kind };
  }
}

/** "air alert · red": what an alert is of. */
export function alertWords({ type = "air_raid", level = "" }, words) {
  const what = words.say(words.has(`alert.${type}`) ? `alert.${type}` : "alert.unknown");
  return level && words.has(`alert.level.${level}`) ? `${what} · ${words.say(`alert.level.${level}`)}` : what;
}

/** "Kh-101 → Rivne": what a threat is. */
export function threatWords({ type = "unknown", weapon = "", toward = "" }, words) {
  const kind = words.say(words.has(`threat.${type}`) ? `threat.${type}` : "threat.unknown");
  const what = weapon && type !== "drones" ? words.weapon(weapon) : kind;
  return toward ? `${what} → ${words.subject(toward)}` : what;
}

function figures(detail, words) {
  const parts = ["launched.uav", "neutralised.uav", "launched.missile"]
    .filter((path) => Object.hasOwn(detail, path))
    .map((path) => words.say(`line.figures.${path}`, { n: detail[path] }));
  return parts.length ? parts.join(" · ") : words.say("line.report");
}
