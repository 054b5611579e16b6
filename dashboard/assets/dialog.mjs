// A modal dialog, closed by Escape or beside it; the focus goes back to where it was.

import { h } from "./build.mjs";

/** Open one. build(body, close): fills it. Returns the element. Only one of a name is open at a time. */
export function openDialog(name, { title, build, className = "" }) {
  const known = document.getElementById(`dialog-${name}`);
  if (known) {
    known.close();
    return null;
  }
  const back = document.activeElement;
  const dialog = Object.assign(h("dialog", `desk-dialog ${className}`), { id: `dialog-${name}` });
  dialog.setAttribute("aria-label", title);
  const close = () => dialog.close();
  dialog.addEventListener("close", () => {
    dialog.remove();
    back?.focus?.({ preventScroll: true });
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) close();
  });
  dialog.append(...[].concat(build(close)));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
