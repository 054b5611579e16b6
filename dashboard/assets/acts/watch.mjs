// Hears of the picture and the link for as long as a form is open, and looks at one item anew when it was changed.

import { request } from "./sending.mjs";

const LOOK_MS = 1_000;
const SLOW_MS = 15_000;
const ears = new WeakMap();

/** Call `listener` with each message of a station (null: the link's state changed), until what is returned is called. */
export function listen(station, listener) {
  if (!station?.onChange) return () => {};
  let all = ears.get(station);
  if (!all) {
    all = new Set();
    ears.set(station, all);
    station.onMessage?.((message) => all.forEach((hear) => hear(message)));
    station.onChange(() => all.forEach((hear) => hear(null)));
  }
  all.add(listener);
  return () => all.delete(listener);
}

/** All that is known of an event id: { id, revisions, acks, notes, log }, or null where it cannot be had now. revision: one that is known. */
export async function itemOf(id, { ask, revision } = {}) {
  try {
    const asked = revision > 200 ? `?revision=${revision}` : "";
    const { status, body } = await request("GET", `/api/v1/events/${encodeURIComponent(id)}${asked}`, undefined, ask);
    return status === 200 && Array.isArray(body.revisions) ? body : null;
  } catch {
    return null;
  }
}

/** The last revision of an item: { event, revision, by, received_at }, or null. */
export function latest(item) {
  const all = (item?.revisions ?? []).filter(({ event }) => event);
  if (!all.length) return null;
  const last = all.reduce((best, one) => ((one.event.revision ?? 1) >= (best.event.revision ?? 1) ? one : best));
  const { event } = last;
  return { event, revision: event.revision ?? 1, by: event.by ?? "", feed: event.feed ?? "", received_at: last.received_at };
}

/**
 * Look at an item whenever the picture speaks of it, and now and then. news(latest, item): what it is now, whenever that
 * is another revision than `revision()`. Returns what ends it.
 */
export function follow(station, id, { revision, news, ask }) {
  let ended = false;
  let timer = null;
  let looked = -Infinity;
  const look = async () => {
    timer = null;
    looked = performance.now();
    const item = await itemOf(id, { ask, revision: revision() });
    const now = latest(item);
    if (!ended && now && now.revision > revision()) news(now, item);
  };
  const soon = () => {
    if (!ended && timer === null) timer = setTimeout(look, Math.max(0, looked + LOOK_MS - performance.now()));
  };
  const off = listen(station, (message) => {
    if (message && (message.type === "snapshot" || (message.type === "delta" && JSON.stringify(message.patch).includes(JSON.stringify(id).slice(1, -1))))) soon();
  });
  const slow = setInterval(soon, SLOW_MS);
  soon();
  return () => {
    ended = true;
    off();
    clearInterval(slow);
    clearTimeout(timer);
  };
}
