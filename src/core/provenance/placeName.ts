import type { OriginPlace } from './origin.ts';

/** A place of a step in words for people: `observation /orders/0/id`, `argument order_id`, `message`, `tool list`. */
export function placeName({ step, pointer, within = '' }: Pick<OriginPlace, 'step' | 'pointer' | 'within'>): string {
  if (step < 0) return pointer.startsWith('/tools') ? 'tool list' : pointer === '/goal' ? 'goal' : 'system prompt';
  const action = /^\/actions\/(\d+)\/(arguments|observation\/content\/\d+\/(?:text|value)|[^/]+)(.*)$/s.exec(pointer);
  if (action !== null) {
    const [, number = '0', part = '', rest = ''] = action;
    const of = number === '0' ? '' : ` of action ${Number(number) + 1}`;
    if (part === 'arguments') return `argument ${rest.slice(1)}${of}`;
    const name = part.startsWith('observation') ? 'observation' : part;
    return `${name}${of}${spaced(rest + within)}`;
  }
  const [, name = '', rest = ''] = /^\/([^/]+)(?:\/\d+\/(?:text|value))?(.*)$/s.exec(pointer) ?? [];
  return `${name}${spaced(rest + within)}`;
}

function spaced(pointer: string): string {
  return pointer === '' ? '' : ` ${pointer}`;
}
