import { type XmlElement, xmlDocument } from '../util/xml.ts';

/** What test reporters of CI systems read: suites of cases. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly name: string;
  /** Groups cases in reports. */
  readonly className: string;
  /** The file that the case is about, as links name it. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
  /** s */
  readonly time?: number;
  readonly outcome: JunitOutcome;
  /** What else there is to say, also of one that passed. */
  readonly output?: string;
}

export type JunitOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  /** `failure`: what was checked does not hold. `error`: it could not be checked. */
  | { readonly kind: 'failure' | 'error'; readonly message: string; readonly type: string; readonly text: string };

/** A JUnit XML document, in the dialect that Jenkins, GitLab, GitHub actions and Azure read. */
export function junitXml(suites: readonly JunitSuite[]): string {
  const total = countsOf(suites.flatMap(({ cases }) => cases));
  return xmlDocument({
    name: 'testsuites',
    attributes: { name: 'hindstep', ...total },
    children: suites.map(suiteElement),
  });
}

function suiteElement({ name, cases }: JunitSuite): XmlElement {
  return { name: 'testsuite', attributes: { name, ...countsOf(cases) }, children: cases.map(caseElement) };
}

function countsOf(cases: readonly JunitCase[]) {
  const count = (kind: JunitOutcome['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  const time = cases.reduce((sum, one) => sum + (one.time ?? 0), 0);
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: time.toFixed(3),
  };
}

function caseElement({ name, className, file, line, time = 0, outcome, output }: JunitCase): XmlElement {
  return {
    name: 'testcase',
    attributes: { name, classname: className, file, line, time: time.toFixed(3) },
    children: [...outcomeElements(outcome), ...(output === undefined ? [] : [{ name: 'system-out', text: output }])],
  };
}

function outcomeElements(outcome: JunitOutcome): XmlElement[] {
  switch (outcome.kind) {
    case 'passed':
      return [];
    case 'skipped':
      return [{ name: 'skipped', attributes: { message: outcome.message } }];
    default: {
      const { kind, message, type, text } = outcome;
      return [{ name: kind, attributes: { message, type }, text }];
    }
  }
}
