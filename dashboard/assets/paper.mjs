// A screen on paper: in light colours, its map a picture, since what WebGL drew is gone when a browser prints.

import { show, theme } from "./theme.mjs";

/** stage: whose map. */
export function printable(stage) {
  let shown = null;
  let picture = null;
  addEventListener("beforeprint", () => {
    if (shown !== null) return;
    shown = theme();
    picture = stage.map.picture();
    if (picture) {
      // The map itself takes on other colours only as its worker comes to it.
      picture.className = `paper-map paper-map-${shown}`;
      stage.overlay.holder.prepend(picture);
    }
    show("light");
    stage.overlay.draw();
  });
  addEventListener("afterprint", () => {
    if (shown === null) return;
    picture?.remove();
    show(shown);
    shown = picture = null;
  });
}
