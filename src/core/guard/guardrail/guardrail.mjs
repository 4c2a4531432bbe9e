// {{STORY}}
//
//   const callTool = guarded(yourCallTool, ask);     use this one where your agent calls tools
//   ask({ tool, arguments, reason })                 answers true when a person approves
//
// Written by Hindstep together with a rule in hindstep.policy.json and a test. It needs nothing else.

const RULE = { tool: '', kind: 'deny', most: 0 };

/** Thrown instead of making a call. */
class Refused extends Error {}

/** The function by which your agent calls tools, with the rule before it. */
function guarded(callTool, ask) {
  let worked = 0;
  return async (tool, args = {}) => {
    if (bareName(tool) !== bareName(RULE.tool)) return callTool(tool, args);
    const { decision, reason } = decide(tool, worked);
    if (decision === 'refuse') throw new Refused(reason);
    if (decision === 'ask' && (await ask?.({ tool, arguments: args, reason })) !== true) throw new Refused(reason);
    worked += 1;
    try {
      return await callTool(tool, args);
    } catch (error) {
      worked -= 1;
      throw error;
    }
  };
}

/** What becomes of a call of the tool after `worked` others: allow, ask or refuse. */
function decide(tool, worked) {
  if (RULE.kind === 'deny') return { decision: 'refuse', reason: `${tool} is a tool that the policy denies.` };
  if (RULE.kind === 'approval') {
    return { decision: 'ask', reason: `The policy wants each call of ${tool} approved.` };
  }
  if (worked < RULE.most) return { decision: 'allow', reason: '' };
  const calls = worked === 1 ? '1 call' : `${worked} calls`;
  return { decision: 'refuse', reason: `${tool} is called once more, after ${calls} that worked.` };
}

/** A tool's own name without its server's: mcp__server__name, server.name, server/name. */
function bareName(tool) {
  return /^mcp__.+?__(.+)$/.exec(tool)?.[1] ?? /^[\w-]+(?:\.[\w-]+)*[./]([\w-]+)$/.exec(tool)?.[1] ?? tool;
}

export { decide, guarded, Refused };
