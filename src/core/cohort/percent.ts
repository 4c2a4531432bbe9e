import { type Rate, wilson } from '../util/wilson.ts';

/** A share in [0, 1] as people read it: `4 %`, `0.4 %`, `99.7 %`; ends are only said when they are meant. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  const isPlain = share === 0 || share === 1 || (whole >= 1 && whole <= 99);
  return `${isPlain ? whole : (share * 100).toFixed(1)} %`;
}

/** `12 % (5 of 42; 95 % interval 5–25 %)` */
export function rateText(rate: Rate, noun = ''): string {
  const { low, high } = wilson(rate);
  const of = `${rate.count.toLocaleString('en-US')} of ${rate.of.toLocaleString('en-US')}${noun === '' ? '' : ` ${noun}`}`;
  return `${percent(rate.count / rate.of)} (${of}; 95 % interval ${Math.round(low * 100)}–${Math.round(high * 100)} %)`;
}
