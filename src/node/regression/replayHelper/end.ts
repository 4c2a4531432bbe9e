/** Ends an agent's run from inside its tool call, also when the agent catches all that is thrown. */
export class End {
  reached = false;
  private resolve: () => void = () => {};
  private readonly end = new Promise<void>((resolve) => {
    this.resolve = resolve;
  });

  /** Throws, so that the agent can clean up; for an agent that goes on all the same there is never an answer. */
  stop(sentence: string): Promise<never> {
    if (this.reached) return new Promise(() => {});
    this.reached = true;
    this.resolve();
    throw new Error(`hindstep: ${sentence}`);
  }

  /** What the work answers; undefined when the end comes first. */
  async orResult<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    const running = (async () => work())().then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    );
    const result = await Promise.race([running, this.end]);
    if (this.reached || result === undefined) return undefined;
    if ('thrown' in result) throw result.thrown;
    return result.value;
  }
}
