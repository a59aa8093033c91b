/** Nanoseconds since an arbitrary moment. Differences up to 104 days are exact. */
export function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
