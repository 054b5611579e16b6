// Who looks at this screen: asks for the ticket that opens the socket, and says in whose name it came.

import { pageConfig } from "./page.mjs";
import { Words } from "./words.mjs";

/** A ticket that the store or the server did not give for so long is given up. */
export const TICKET_MS = 2500;

let known;
/** Resolves to { name, role, open } with the first ticket: who looks at this page. */
export const person = new Promise((resolve) => (known = resolve));

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
  whenLaidOut((place) => say(place, { name, role, open }));
  return ticket;
}

function say(place, { name, role, open }) {
  const words = new Words(pageConfig().words, null);
  const text = open ? words.say("access.open") : words.say("access.person", { name, role: words.say(`access.role.${role}`) });
  if (place.textContent !== text) place.textContent = text;
}

/** The place is Dash's to make. */
function whenLaidOut(act) {
  const place = document.getElementById("access");
  if (place) act(place);
  else setTimeout(whenLaidOut, 100, act);
}
