// Who looks at this screen: asks for the ticket that opens the socket, and says in whose name it came.

import { text } from "./build.mjs";

/** A ticket that the store or the server did not give for so long is given up. */
const TICKET_MS = 2500;

/** Who has no ticket for so long is nobody that is known; the screen shows that it has no link. */
const NOBODY_MS = 3_000;
const NOBODY = { name: "", role: "viewer", open: false };

let known;
const person = new Promise((resolve) => (known = resolve));

/** Resolves to { name, role, open } with the first ticket: who looks at this page; or to nobody. */
export const whoever = () => Promise.race([person, new Promise((resolve) => setTimeout(resolve, NOBODY_MS, NOBODY))]);

/** Whether somebody may write: do acts, save briefings, lead others. */
export const mayAct = ({ role }) => role === "operator" || role === "admin";

/**
 * A ticket for one WebSocket; it serves once, within half a minute. Rejects where there is none. Where the session has
 * ended the browser goes to the sign-in page, and comes back to where it was.
 */
export async function askTicket() {
  const response = await fetch("/api/v1/ticket", { method: "POST", signal: AbortSignal.timeout(TICKET_MS) });
  if (response.status === 401) {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw new Error(`no ticket: ${response.status}`);
  const { ticket, name, role, open } = await response.json();
  known({ name, role, open });
  last = { name, role, open };
  tell();
  return ticket;
}

let last = null;
let spoken = null;

/** Say who looks in #access, in these words: now, with each ticket, and in each language. */
export function sayWhoLooks(words) {
  spoken = words;
  words.onChange(tell);
  tell();
}

function tell() {
  const place = document.getElementById("access");
  if (!place || !last || !spoken) return;
  const { name, role, open } = last;
  text(place, open ? spoken.say("access.open") : spoken.say("access.person", { name, role: spoken.say(`access.role.${role}`) }));
}
