/** Prints a measurement as one JSON line: ms, counts, and the process's peak memory in MB. */
export function report(figures: Record<string, number>): void {
  console.log(JSON.stringify({ ...figures, peak: process.resourceUsage().maxRSS / 1024 }));
}
