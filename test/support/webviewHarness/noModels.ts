/** Stand-ins for what asks models: a page asks none. */
export function endpointClient(): never {
  throw new Error('A page asks no model.');
}

export const secretlintDetector = endpointClient;
