import type { Fixture, FixtureTool } from '../../core/regression/fixture.ts';

/** The tools that a run is offered: the declared ones, then those that were only called, of which the name is known. */
export function offeredTools(declared: Fixture['tools'], recording: Fixture['recording']): FixtureTool[] {
  const names = new Set(declared.map(({ name }) => name));
  const called = [...new Set(recording.map(({ tool }) => tool))].filter((name) => !names.has(name));
  return [...declared, ...called.map((name) => ({ name }))];
}
