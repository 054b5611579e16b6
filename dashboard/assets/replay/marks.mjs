// What a mark of the strip is called: what was worth it, in few words.

import { readAddress } from "./address.mjs";

/** mark: of /api/v1/replay/marks. */
export function markWords(mark, words) {
  const country = mark.subject ? words.national(mark.subject) : "";
  const values = {
    first_alert: { region: words.region(mark.subject ?? "") },
    last_clear: { region: words.region(mark.subject ?? "") },
    scramble: { country, key: mark.subject },
    stand_down: { country, key: mark.subject },
    report: { n: words.number(mark.n ?? 0), claimant: words.claimant(mark.subject ?? "") },
    most_drones: { n: words.number(mark.n ?? 0), claimant: words.claimant(mark.subject ?? "") },
    bookmark: { title: mark.title ?? "" },
  };
  return words.say(`replay.mark.${mark.kind}`, values[mark.kind] ?? {});
}

/** What was looked at when a bookmark was set, as a chapter keeps it: the desk keeps its address. */
export function viewOf(mark) {
  let view = mark.view ?? "";
  try {
    view = JSON.parse(view);
  } catch {
    // It is the address itself.
  }
  const { map } = readAddress(typeof view === "string" ? view : "");
  return map ? { map } : {};
}
