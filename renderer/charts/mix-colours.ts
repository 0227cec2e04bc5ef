/** `#rrggbb` between two colours, each `#rrggbb` or `#rgb`: `share` of `a`, the rest `b`. */
export function mixColours(a: string, b: string, share: number): string {
  const from = channels(a);
  const to = channels(b);
  const mixed = from.map((value, i) => Math.round(value * share + (to[i] ?? 0) * (1 - share)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Whichever of two text colours stands out more on a fill. */
export function moreReadable(fill: string, a: string, b: string): string {
  const on = luminance(fill) + 0.05;
  const contrast = (text: string) => {
    const ratio = (luminance(text) + 0.05) / on;
    return ratio < 1 ? 1 / ratio : ratio;
  };
  return contrast(a) >= contrast(b) ? a : b;
}

/** Relative luminance, 0 to 1, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): readonly number[] {
  const short = colour.replace('#', '');
  // Minified style sheets say `#fff`.
  const digits = short.length === 3 ? short.replace(/./g, '$&$&') : short;
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16) || 0);
}
