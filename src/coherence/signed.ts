/** Changes as people read them. */

/** `+0.9`, `-2.6`, and `0.0` for what rounds to it. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '-' : '+'}${text}`;
}
