import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  COMMANDS,
  EXTENSION_ID,
  SETTINGS,
  VIEW_COMMANDS,
  VIEW_HAS_KEYS,
  VIEW_IS_ACTIVE,
  VIEW_TYPES,
  WALKTHROUGH,
} from './contributions.ts';

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly contributes: {
    readonly commands: { command: string; title: string }[];
    readonly keybindings: { command: string; key: string; when: string }[];
    readonly menus: Record<string, { command: string; when?: string }[]>;
    readonly customEditors: { viewType: string; priority: string; selector: { filenamePattern: string }[] }[];
    readonly configuration: { properties: Record<string, { default: unknown }> };
    readonly walkthroughs: {
      id: string;
      steps: { description: string; media: { markdown: string }; completionEvents: string[] }[];
    }[];
  };
}

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const known: string[] = [...Object.values(COMMANDS), ...Object.values(VIEW_COMMANDS)];

describe('package.json agrees with contributions.ts', () => {
  it('on the commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...known].sort());
  });

  it('on what menus, keys and the walkthrough call', () => {
    const called = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    const steps = contributes.walkthroughs.flatMap(({ steps }) => steps);
    const linked = steps.flatMap(({ description, completionEvents }) => [
      ...[...description.matchAll(/command:([\w.]+)/g)].map(([, command]) => command ?? ''),
      ...completionEvents.map((event) => event.replace('onCommand:', '')),
    ]);
    expect([...called, ...linked].filter((command) => !known.includes(command))).toEqual([]);
  });

  it('on the editors: default for *.trace.json, an option for all else', () => {
    expect(contributes.customEditors.map(({ viewType, priority }) => [viewType, priority])).toEqual([
      [VIEW_TYPES.trace, 'default'],
      [VIEW_TYPES.otherTrace, 'option'],
    ]);
    expect(contributes.customEditors[0]?.selector).toEqual([{ filenamePattern: '*.trace.json' }]);
  });

  it('on the settings', () => {
    const { section, ...names } = SETTINGS;
    const settings = Object.values(names).map((name) => `${section}.${name}`);
    expect(Object.keys(contributes.configuration.properties).sort()).toEqual(settings.sort());
  });

  it('on its own name and the walkthrough', () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe(EXTENSION_ID);
    expect(contributes.walkthroughs.map(({ id }) => id)).toEqual([WALKTHROUGH]);
  });
});

describe('keys', () => {
  it('are taken only while the debugger has them, and never letters alone', () => {
    for (const { when, key } of contributes.keybindings) {
      expect(when, key).toBe(VIEW_HAS_KEYS);
      expect(key).toMatch(/^(shift\+|alt\+)?f\d+$|^ctrl\+/);
    }
  });

  it('leave Stop and the context menu to VS Code, and are given once', () => {
    const keys = contributes.keybindings.map(({ key }) => key);
    expect(keys).not.toContain('shift+f5');
    expect(keys).not.toContain('shift+f10');
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('step both ways', () => {
    const keyOf = Object.fromEntries(contributes.keybindings.map(({ command, key }) => [command, key]));
    expect(keyOf).toMatchObject({
      [VIEW_COMMANDS.stepOver]: 'f10',
      [VIEW_COMMANDS.stepInto]: 'f11',
      [VIEW_COMMANDS.stepOut]: 'shift+f11',
      [VIEW_COMMANDS.continue]: 'f5',
      [VIEW_COMMANDS.toggleBreakpoint]: 'f9',
      [VIEW_COMMANDS.nextFinding]: 'f8',
      [VIEW_COMMANDS.previousFinding]: 'shift+f8',
      [VIEW_COMMANDS.stepBack]: 'alt+f10',
      [VIEW_COMMANDS.reverseContinue]: 'alt+f5',
    });
  });
});

it('the palette offers the debugger’s commands only where there is a debugger', () => {
  const palette = contributes.menus.commandPalette ?? [];
  const when = Object.fromEntries(palette.map((item) => [item.command, item.when]));
  for (const command of Object.values(VIEW_COMMANDS)) expect(when[command], command).toBe(VIEW_IS_ACTIVE);
});

it('the walkthrough’s pages are there', () => {
  for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    expect(readFileSync(join(root, media.markdown), 'utf8').length).toBeGreaterThan(100);
  }
});
