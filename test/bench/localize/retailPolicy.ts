import { policyFor } from '../../../src/core/evaluators/policy/policyFor.ts';
import { readPolicy } from '../../../src/core/evaluators/policy/readPolicy.ts';

/**
 * A policy file as the team behind a shop's support agent would write it from its handbook: what each tool does, what must
 * have been done before it, and what its arguments may be. It is the user's file, written by hand in our own words.
 */
const TEXT = `{
  "tools": {
    // Looking things up. Products are for everybody, the rest only for who has been identified.
    "find_user_id_by_email": { "effect": "read" },
    "find_user_id_by_name_zip": { "effect": "read" },
    "list_all_product_types": { "effect": "read", "after": [${identified()}] },
    "get_product_details": { "effect": "read", "after": [${identified()}] },
    "get_user_details": { "effect": "read", "after": [${identified()}] },
    "get_order_details": { "effect": "read", "after": [${identified()}] },
    "calculate": { "effect": "read" },
    "think": { "effect": "read" },
    // Changing orders: the agent looks at the order first, says what it will do, and waits for a yes.
    "cancel_pending_order": {
      "effect": "irreversible", "requiresApproval": true, "after": [${lookedAt()}],
      "arguments": { "reason": { "required": true, "oneOf": ["no longer needed", "ordered by mistake"] } }
    },
    "modify_pending_order_address": { "effect": "write", "requiresApproval": true, "after": [${lookedAt()}] },
    "modify_pending_order_payment": { "effect": "write", "requiresApproval": true, "after": [${lookedAt()}] },
    // An order's items can be changed once, and then nothing else of it: new items and the way to pay must be named.
    "modify_pending_order_items": {
      "effect": "irreversible", "requiresApproval": true, "after": [${lookedAt()}],
      "arguments": { "new_item_ids": { "required": true }, "payment_method_id": { "required": true } }
    },
    "exchange_delivered_order_items": {
      "effect": "irreversible", "requiresApproval": true, "after": [${lookedAt()}],
      "arguments": { "new_item_ids": { "required": true }, "payment_method_id": { "required": true } }
    },
    "return_delivered_order_items": {
      "effect": "irreversible", "requiresApproval": true, "after": [${lookedAt()}],
      "arguments": { "payment_method_id": { "required": true, "matches": "^(credit_card|paypal|gift_card)_" } }
    },
    "modify_user_address": { "effect": "write", "requiresApproval": true }
  },
  // Whoever is handed over to a person is not talked to any longer.
  "stop": { "tools": ["transfer_to_human_agents"] }
}`;

function identified(): string {
  return '{ "anyOf": ["find_user_id_by_email", "find_user_id_by_name_zip"] }';
}

function lookedAt(): string {
  return '{ "anyOf": ["get_order_details"], "same": ["order_id"] }';
}

const { policy, problems } = readPolicy(TEXT);
if (problems.length > 0) throw new Error(`The policy of the bench: ${problems.map((p) => `${p.line}: ${p.message}`)}`);

export const RETAIL_POLICY = policyFor(policy, '');
