// The one socket to the gateway: says hello, resumes, notices silence, comes back by itself.
// Protocol: docs/protocol.md. It knows nothing of what a picture is for.

const SUBPROTOCOL = "watchfloor.v1";
/** Two missed heartbeats and a half: with what a busy page takes to say so, a lost link is said within 2 s. */
const SILENCE_MS = 1250;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1000;
/** A socket that has not opened, or not welcomed us, after this long is given up. */
const OPENING_MS = 3000;

/** Close codes after which trying again at once is no use; it is still tried, at the slowest pace. */
const REFUSALS = new Set([4002, 4003, 4010, 4012, 4013]);

/**
 * handlers: `ticket()` promises the ticket that opens one socket; `frame(message)` for snapshot, delta, heartbeat and
 * welcome; `state(link)` whenever `link.state`
 * ("opening", "up", "lost") or its reason changes. A handler of a frame that throws makes the link ask for a
 * snapshot, so that a wrong picture never stays.
 */
export class Link {
  state = "opening";
  lostAt = null;
  attempt = 0;
  closeCode = 0;
  closeReason = "";
  #socket = null;
  #gateway = null;
  #heardAt = null;
  #retryTimer = null;
  #watch = null;
  #openedAt = 0;
  /** Of the try that goes on: a ticket for an earlier one comes too late. */
  #asking = null;
  /** A snapshot that is still to come: until then nothing here is up to date. */
  #owed = true;

  constructor(url, { frame, state, position, ticket }, { socket = WebSocket, monotonic = () => performance.now() } = {}) {
    this.url = url;
    this.handlers = { frame, state, position, ticket };
    this.Socket = socket;
    this.monotonic = monotonic;
  }

  start() {
    this.#watch = setInterval(() => this.#lookAtTheClock(), 100);
    addEventListener("online", this.#hurry);
    addEventListener("pageshow", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#open();
    return this;
  }

  stop() {
    clearInterval(this.#watch);
    clearTimeout(this.#retryTimer);
    removeEventListener("online", this.#hurry);
    removeEventListener("pageshow", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#drop();
  }

  /** Ask for a whole picture, in place of one that cannot be trusted. */
  resync() {
    this.send({ type: "resync" });
  }

  /** Another address from now on: the next socket is opened there, at once. */
  move(url) {
    this.url = url;
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#open();
  }

  /** Say something; false where nobody hears it. */
  send(message) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open() {
    this.attempt += 1;
    this.#openedAt = this.monotonic();
    const asking = (this.#asking = {});
    this.handlers.ticket().then(
      (ticket) => {
        if (asking === this.#asking) this.#connect(ticket);
      },
      (error) => {
        if (asking === this.#asking) this.#lost(0, String(error));
      },
    );
  }

  #connect(ticket) {
    this.#asking = null;
    let socket;
    try {
      // Not in the address, which logs and histories keep.
      socket = new this.Socket(this.url, [SUBPROTOCOL, `ticket.${ticket}`]);
    } catch (error) {
      this.#lost(0, String(error));
      return;
    }
    this.#socket = socket;
    socket.onopen = () => {
      const position = this.handlers.position();
      this.send({
        type: "hello",
        ...(position && this.#gateway ? { position, gateway: this.#gateway } : {}),
      });
    };
    socket.onmessage = (event) => {
      if (socket === this.#socket) this.#receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#lost(event.code, event.reason);
    };
  }

  #receive(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      this.resync();
      return;
    }
    this.#heardAt = this.monotonic();
    if (message.type === "welcome") {
      this.#gateway = message.gateway;
      this.#owed = message.recovered !== true;
    }
    try {
      this.handlers.frame(message);
      if (message.type === "snapshot") this.#owed = false;
    } catch (error) {
      console.error("a frame could not be applied:", error);
      this.resync();
      return;
    }
    if (this.state !== "up" && !this.#owed) {
      this.attempt = 0;
      this.closeCode = 0;
      this.closeReason = "";
      this.lostAt = null;
      this.#become("up");
    }
  }

  #lookAtTheClock() {
    const now = this.monotonic();
    if (this.state === "up" && now - this.#heardAt > SILENCE_MS) this.#lost(0, "silence");
    else if (this.state !== "up" && (this.#socket || this.#asking)) {
      if (now - Math.max(this.#openedAt, this.#heardAt ?? 0) > OPENING_MS) this.#lost(0, "no welcome");
    }
  }

  #lost(code, reason) {
    this.#drop();
    this.closeCode = code;
    this.closeReason = reason;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.attempt, 10));
    const wait = REFUSALS.has(code) ? LONGEST_RETRY_MS : longest;
    clearTimeout(this.#retryTimer);
    // Jitter keeps a hundred walls from coming back in the same instant.
    this.#retryTimer = setTimeout(() => this.#open(), wait * (0.5 + Math.random() / 2));
    if (this.state === "up") this.lostAt = this.#heardAt;
    this.#become(this.#heardAt === null ? "opening" : "lost");
  }

  /** The lid was opened, the network is back: do not wait for the next try. */
  #hurry = () => {
    if (document.visibilityState === "hidden") return;
    this.#lookAtTheClock();
    if (this.#socket === null && this.#asking === null) {
      clearTimeout(this.#retryTimer);
      this.#open();
    }
  };

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#asking = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // It was closed already.
    }
  }

  #become(state) {
    this.state = state;
    this.handlers.state(this);
  }
}
