/**
 * Figures quoted from papers, whole sets (the runs measured here may be a part of them). They are printed beside the
 * figures measured here and are never used for anything.
 */
export interface Published {
  readonly what: string;
  readonly exact: string;
  readonly '±3'?: string;
}

export const ALGORITHM_GENERATED: readonly Published[] = [
  { what: 'GPT-4o, three ways of asking (arXiv 2505.00212)', exact: '13.5–25.5 %' },
  { what: 'AgenTracer-8B', exact: '37.3–42.9 %' },
  { what: 'A2P', exact: '47.5 %' },
];
export const HAND_CRAFTED: readonly Published[] = [
  { what: 'GPT-4o, three ways of asking (arXiv 2505.00212)', exact: '3.5–8.8 %' },
  { what: 'o1', exact: '13.8 %' },
  { what: 'Sonnet 4', exact: '19.0 %' },
  { what: 'AgenTracer', exact: '20.7 %' },
  { what: 'A2P', exact: '29.3 %' },
];
export const TAU_RETAIL: readonly Published[] = [
  { what: 'GPT-5 as judge (arXiv 2602.02475)', exact: '32.2 %', '±3': '50.6 %' },
  { what: 'AgentRx with constraints from the policy', exact: '54.0 %', '±3': '72.4 %' },
];
export const MAGENTIC: readonly Published[] = [
  { what: 'GPT-5 as judge (arXiv 2602.02475)', exact: '31.8 %', '±3': '50.0 %' },
  { what: 'AgentRx', exact: '31.8 %', '±3': '47.7 %' },
];
