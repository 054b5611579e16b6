// Symbols as small pictures, drawn once for each size, ready to be stamped on a canvas.

const loaded = new Map();
const stamped = new Map();

/** Where a symbol's file is. folder: its address, or what gives each name an address of its own. */
export const symbolUrl = (folder, name) => (typeof folder === "function" ? folder(name) : `${folder}/${name}.svg`);

/** Load the symbol files. names: without `.svg`. Resolves when all that can be had are there. */
export async function loadSymbols(folder, names) {
  await Promise.all(
    names.map(async (name) => {
      const image = new Image();
      image.src = symbolUrl(folder, name);
      try {
        await image.decode();
        loaded.set(name, image);
      } catch {
        console.error(`the symbol ${name} cannot be drawn`);
      }
    }),
  );
}

/** A canvas with the symbol, `heightPx` device pixels high, or null while it is not loaded. */
export function stamp(name, heightPx) {
  const known = loaded.has(name) ? name : "unknown";
  const image = loaded.get(known);
  if (!image) return null;
  const height = Math.max(4, Math.round(heightPx));
  const key = `${known}|${height}`;
  let canvas = stamped.get(key);
  if (!canvas) {
    const width = Math.round((image.width / image.height) * height);
    canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    stamped.set(key, canvas);
  }
  return canvas;
}
