// Gives a picture of few colours others, pixel by pixel.

const OPAQUE = 0xff000000;

/** "#rrggbb" as a canvas's memory has it. */
const pixelOf = (colour) => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (OPAQUE | (b << 16) | (g << 8) | r) >>> 0;
};

const apart = (one, other) => [0, 8, 16].reduce((sum, shift) => sum + (((one >>> shift) & 255) - ((other >>> shift) & 255)) ** 2, 0);

/** others: what each colour becomes; a pixel between two becomes what the nearer one does. */
export function recolour(context, others) {
  const pairs = Object.entries(others).map(([from, to]) => [pixelOf(from), pixelOf(to)]);
  const known = new Map();
  const nearest = (pixel) => pairs.reduce((best, pair) => (apart(pair[0], pixel) < apart(best[0], pixel) ? pair : best))[1];
  const image = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let n = 0; n < pixels.length; n += 1) {
    const pixel = pixels[n];
    if (!known.has(pixel)) known.set(pixel, nearest(pixel));
    pixels[n] = known.get(pixel);
  }
  context.putImageData(image, 0, 0);
}
