// Threats that would stand on each other: a few fan out around where they are, many of a kind become one with a count.

/** More than this of one kind in one place are told by their number. */
const MOST_APART = 3;

/**
 * items: { key, x, y, symbol, isMissile, stale, … } on the screen. halfOf(item): half its size in pixels.
 * Returns items again: those that were moved have `stands`, where they really are; a cluster has `members`.
 */
export function spread(items, halfOf) {
  const left = [...items].sort(
    (a, b) => Number(a.stale) - Number(b.stale) || Number(b.isMissile) - Number(a.isMissile) || (a.key < b.key ? -1 : 1),
  );
  const out = [];
  while (left.length) {
    const [seed] = left;
    const group = [];
    for (let n = left.length - 1; n >= 0; n -= 1) {
      const near = 0.85 * (halfOf(seed) + halfOf(left[n]));
      if (left[n] === seed || Math.hypot(left[n].x - seed.x, left[n].y - seed.y) < near) group.unshift(...left.splice(n, 1));
    }
    out.push(...fan(gathered(group), halfOf));
  }
  return out;
}

function gathered(group) {
  const kinds = new Map();
  for (const item of group) {
    const kind = `${item.symbol}|${item.stale}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), item]);
  }
  return [...kinds.values()].flatMap((members) => (members.length > MOST_APART ? [clusterOf(members)] : members));
}

function clusterOf(members) {
  const middle = (axis) => members.reduce((sum, member) => sum + member[axis], 0) / members.length;
  const [first] = members;
  return {
    ...first,
    kind: "cluster",
    x: middle("x"),
    y: middle("y"),
    lon: middle("lon"),
    lat: middle("lat"),
    members,
    course: null,
    path: [],
    sub: "",
    approximate: false,
    view: undefined,
    witnesses: members.flatMap(({ view }) => Object.values(view?.witnesses ?? {})),
  };
}

function fan(group, halfOf) {
  if (group.length === 1) return group;
  const widest = Math.max(...group.map(halfOf));
  const radius = (1.1 * widest) / Math.sin(Math.PI / group.length);
  const middle = (axis) => group.reduce((sum, item) => sum + item[axis], 0) / group.length;
  const [x, y] = [middle("x"), middle("y")];
  return group.map((item, n) => {
    const angle = (2 * Math.PI * n) / group.length - Math.PI / 2;
    return { ...item, x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), stands: [item.x, item.y] };
  });
}
