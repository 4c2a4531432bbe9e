import type { TextRange } from '../source/positions.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { wellFormed } from '../util/wellFormed.ts';

/** The parts of a SARIF 2.1.0 log that are written here. Anything that judges can give them. */
export interface SarifLog {
  readonly version: string;
  readonly rules: readonly SarifRule[];
  readonly artifacts: readonly SarifArtifact[];
  readonly results: readonly SarifResult[];
  /** What went wrong with a rule itself. */
  readonly failures: readonly { readonly rule: string; readonly message: string }[];
}

export type SarifLevel = 'none' | 'note' | 'warning' | 'error';

export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly level: SarifLevel;
}

export interface SarifArtifact {
  /** Relative, with `/`, not yet encoded. */
  readonly path: string;
  readonly sha256?: string;
  readonly size?: number;
}

export interface SarifPlace {
  readonly path: string;
  readonly region?: TextRange;
  readonly message?: string;
  /** The step in words that no file has: `run-7/step 5`. */
  readonly logicalName?: string;
}

export interface SarifResult {
  readonly rule: string;
  readonly kind: 'notApplicable' | 'pass' | 'fail' | 'informational';
  readonly level: SarifLevel;
  readonly message: string;
  readonly place: SarifPlace;
  readonly related: readonly SarifPlace[];
  /** The steps that led there, in order, the place itself last. */
  readonly flow: readonly (SarifPlace & {
    readonly order: number;
    readonly nesting: number;
    readonly importance: 'essential' | 'important' | 'unimportant';
  })[];
  readonly fingerprint: string;
  readonly properties: JsonObject;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** The log's text. */
export function sarifText({ version, rules, artifacts, results, failures }: SarifLog): string {
  const indexes = new Map(rules.map(({ id }, i) => [id, i]));
  const log: Json = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Hindstep', semanticVersion: version, rules: rules.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ rule, message }) => ({
              level: 'error',
              message: { text: plain(message) },
              associatedRule: { id: rule, index: indexes.get(rule) ?? -1 },
            })),
          },
        ],
        artifacts: artifacts.map(({ path, sha256, size }) => ({
          location: { uri: uriOf(path) },
          ...(size !== undefined && { length: size }),
          ...(sha256 !== undefined && { hashes: { 'sha-256': sha256 } }),
        })),
        results: results.map((result) => resultOf(result, indexes)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ id, title, description, level }: SarifRule): Json {
  return {
    id,
    shortDescription: { text: title === '' ? id : title },
    ...(description !== undefined && { fullDescription: { text: description }, help: { text: description } }),
    defaultConfiguration: { level },
  };
}

function resultOf(result: SarifResult, indexes: ReadonlyMap<string, number>): Json {
  const { rule, kind, level, message, place, related, flow, fingerprint, properties } = result;
  return {
    ruleId: rule,
    ruleIndex: indexes.get(rule) ?? -1,
    kind,
    level,
    message: { text: plain(message) },
    locations: [locationOf(place)],
    ...(related.length > 0 && { relatedLocations: related.map((one, id) => ({ id, ...locationOf(one) })) }),
    ...(flow.length > 0 && {
      codeFlows: [
        {
          threadFlows: [
            {
              locations: flow.map(({ order, nesting, importance, ...step }) => ({
                location: locationOf(step),
                executionOrder: order,
                nestingLevel: nesting,
                importance,
              })),
            },
          ],
        },
      ],
    }),
    partialFingerprints: { 'hindstep/v1': fingerprint },
    properties,
  };
}

function locationOf({ path, region, message, logicalName }: SarifPlace): JsonObject {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path) },
      ...(region !== undefined && { region: { ...region } }),
    },
    ...(logicalName !== undefined && { logicalLocations: [{ fullyQualifiedName: logicalName }] }),
    ...(message !== undefined && { message: { text: plain(message) } }),
  };
}

function uriOf(path: string): string {
  return path.split('/').map(encoded).join('/');
}

function encoded(part: string): string {
  return encodeURIComponent(wellFormed(part)).replaceAll("'", '%27');
}

/**
 * A text that SARIF shows as it is. In messages `[words](1)` is a link and `{0}` a placeholder (3.11.5 and 3.11.6); only
 * a text that would be taken for one is escaped, because many readers show the escapes.
 */
function plain(text: string): string {
  const unlinked = /\]\(/.test(text) ? text.replace(/[\\[\]]/g, '\\$&') : text;
  const whole = /\{\d+\}/.test(unlinked) ? unlinked.replace(/[{}]/g, '$&$&') : unlinked;
  return whole === '' ? ' ' : whole;
}
