/** An amount of USD as people read it: `$0.03`, `$0.0042`, `$12.50`. */
export function usd(amount: number): string {
  return `$${amount > 0 && amount < 0.01 ? amount.toPrecision(2) : amount.toFixed(2)}`;
}
