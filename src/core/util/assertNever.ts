/** Ends an exhaustive `switch`: a new member of the union becomes a compile error here, and a thrown one at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
