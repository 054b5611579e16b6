// The blinking of what nobody has acknowledged: two states, told to the style sheet; none for whoever asked for less motion.

const EVERY_MS = 800;

/** Blink for as long as something in `root` is unacknowledged and the picture is of now. */
export function blink(root) {
  const page = document.documentElement.dataset;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  setInterval(() => {
    const isDue = !calm.matches && page.broken !== "true" && root.querySelector(".unacknowledged") !== null;
    const wanted = isDue && page.blink !== "off" ? "off" : "on";
    if (page.blink !== wanted) page.blink = wanted;
  }, EVERY_MS);
}
