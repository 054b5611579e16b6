// A screen on paper: in light colours and as large as a page, its map a picture, since what WebGL drew is gone when a browser
// prints.

import { show, theme } from "./theme.mjs";

/** What A4 has within its margins (`@page`), in CSS pixels. */
const PAGE = { width: 1_060, height: 732 };

/** stage: whose map. */
export function printable(stage) {
  const { style } = document.documentElement;
  let shown = null;
  let picture = null;
  addEventListener("beforeprint", () => {
    if (shown !== null) return;
    shown = theme();
    style.setProperty("--paper-rem", getComputedStyle(document.documentElement).fontSize);
    style.setProperty("--paper-width", `${innerWidth}px`);
    style.setProperty("--paper-height", `${innerHeight}px`);
    style.setProperty("--paper-zoom", Math.min(PAGE.width / innerWidth, PAGE.height / innerHeight));
    // The map itself takes on other colours only as its worker comes to it.
    picture = stage.map.picture("light");
    show("light");
    if (!picture) return;
    stage.overlay.draw();
    const context = picture.getContext("2d");
    for (const canvas of stage.overlay.holder.querySelectorAll("canvas")) context.drawImage(canvas, 0, 0, picture.width, picture.height);
    // What is only noted down yet would be drawn anew on the paper, where clear is white.
    context.getImageData(0, 0, 1, 1);
    picture.className = "paper-map";
    stage.overlay.holder.prepend(picture);
  });
  addEventListener("afterprint", () => {
    if (shown === null) return;
    picture?.remove();
    show(shown);
    shown = picture = null;
  });
}
