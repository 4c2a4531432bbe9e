import { describe, expect, it } from 'vitest';
import type { Action } from '../trace/model.ts';
import type { JsonObject } from '../util/json.ts';
import { effectOf } from './effects.ts';

function call(tool: string, args: JsonObject = {}, more: Partial<Action> = {}): Action {
  return { tool, arguments: args, argumentsRecorded: true, ...more };
}

describe('effects by the tool’s name', () => {
  it.each([
    ['search_deleted_orders', 'read'],
    ['get_send_history', 'read'],
    ['can_send_mms', 'read'],
    ['send_payment_request', 'write'],
    ['is_order_paid', 'read'],
    ['list_approvals', 'read'],
    ['getDeletedFiles', 'read'],
    ['mcp__mail__search_sent', 'read'],
    ['gmail_search_deleted', 'read'],
    ['calculate', 'read'],
    ['think', 'read'],
    ['transfer_history', 'unknown'],
    ['order_status', 'unknown'],
    ['transfer_to_human_agents', 'unknown'],
    ['escalate_to_supervisor', 'unknown'],
    ['send_message_to_user', 'unknown'],
    ['ask_user', 'unknown'],
    ['reply', 'unknown'],
    ['submit', 'unknown'],
    ['frobnicate', 'unknown'],
    ['transfer_to_savings_account', 'irreversible'],
    ['transfer_funds', 'irreversible'],
    ['cancel_reservation', 'irreversible'],
    ['send_email', 'irreversible'],
    ['gmail_send_email', 'irreversible'],
    ['functions.delete_user', 'irreversible'],
    ['purchase', 'irreversible'],
    ['place_order', 'irreversible'],
    ['make_payment', 'irreversible'],
    ['create_refund', 'irreversible'],
    ['check_out_cart', 'irreversible'],
    ['remove_from_cart', 'write'],
    ['get_or_create_user', 'write'],
    ['read_and_delete_message', 'irreversible'],
    ['update_address', 'write'],
    ['book_reservation', 'write'],
    ['TodoWrite', 'write'],
  ])('%s is %s', (tool, effect) => {
    expect(effectOf(call(tool)).effect).toBe(effect);
  });
});

describe('effects by the arguments', () => {
  it.each([
    ['rm -rf build', 'irreversible'],
    ['cd repo && git push origin main', 'irreversible'],
    ['git -C repo push', 'irreversible'],
    ['git status | head', 'read'],
    ['git commit -m "delete the old push"', 'write'],
    ['echo "rm -rf /" | wc -c', 'read'],
    ["grep -rn 'git push' .", 'read'],
    ['cat <<EOF > notes.txt\nrm -rf /\nEOF', 'write'],
    ['ls 2>/dev/null', 'read'],
    ['ls > files.txt', 'write'],
    ['curl -X DELETE https://api.example.com/orders/1', 'irreversible'],
    ['curl -XPOST https://api.example.com/orders -d "{}"', 'write'],
    ['curl https://api.example.com/delete', 'read'],
    ['psql -c "delete from orders where id = 1"', 'irreversible'],
    ['psql -c "select \'delete from orders\'"', 'read'],
    ['sudo rm file', 'irreversible'],
    ['bash -c "rm file"', 'irreversible'],
    ['find . -name "*.pyc" -delete', 'irreversible'],
    ['find . -name "*.py" | xargs rm', 'irreversible'],
    ['sed -i s/a/b/ file', 'write'],
    ['sed -n 1,20p file', 'read'],
    ['python reproduce.py', 'unknown'],
  ])('shell: %s is %s', (command, effect) => {
    expect(effectOf(call('bash', { command })).effect).toBe(effect);
  });

  it.each<[string, JsonObject, string]>([
    ['run_sql', { query: 'SELECT * FROM deleted_orders' }, 'read'],
    ['run_sql', { query: 'with x as (select 1) delete from t' }, 'irreversible'],
    ['execute', { sql: "update t set a = 'drop table t'" }, 'write'],
    ['web_search', { query: 'delete from git history' }, 'read'],
    ['http_request', { method: 'GET', url: 'https://example.com/delete' }, 'read'],
    ['http_request', { method: 'DELETE', url: 'https://example.com/1' }, 'irreversible'],
    ['http_request', { method: 'POST', url: 'https://example.com/orders/1/cancel' }, 'irreversible'],
    ['bash', { command: '> /dev/null rm -rf data' }, 'irreversible'],
    ['bash', { command: '> notes.txt ls' }, 'write'],
    ['str_replace_editor', { command: 'view', path: '/a.py' }, 'read'],
    ['str_replace_editor', { command: 'create', path: '/a.py' }, 'write'],
    ['book_flight', { payment_id: 'card_1', flight: 'HAT1' }, 'irreversible'],
    ['book_flight', { payment_id: '', flight: 'HAT1' }, 'write'],
    ['get_payment', { payment_id: 'card_1' }, 'read'],
  ])('%s %o is %s', (tool, args, effect) => {
    expect(effectOf(call(tool, args)).effect).toBe(effect);
  });

  it.each([
    ['select', 'Refund policy'],
    ['click', 'Submit filters'],
    ['click', 'Order history'],
    ['click', 'Drop-off times'],
    ['click', 'Drop D 1,207'],
    ['click', 'Purchase details'],
    ['click', 'Check-out Tuesday 8 June'],
    ['click', 'Return'],
  ])('takes %s on "%s" for no irreversible act', (tool, element) => {
    expect(effectOf(call(tool, {}, { target: { element } })).effect).not.toBe('irreversible');
  });

  it.each(['Return item', 'Submit', 'Pay $12.50', 'Cancel this booking'])(
    'takes a click on "%s" for one',
    (element) => {
      expect(effectOf(call('click', {}, { target: { element } })).effect).toBe('irreversible');
    },
  );

  it('takes a click into a field for no act, whatever the field is called', () => {
    expect(effectOf(call('click', {}, { target: { element: 'Email', role: 'textbox' } })).effect).toBe('unknown');
  });

  it('reads the label of a clicked element, when it is one', () => {
    expect(effectOf(call('click', {}, { target: { element: 'Delete' } })).effect).toBe('irreversible');
    expect(effectOf(call('click', {}, { target: { element: 'Place order' } }))).toMatchObject({ spends: true });
    expect(effectOf(call('click', {}, { target: { element: 'Deleted items' } })).effect).toBe('unknown');
  });
});

describe('stronger evidence', () => {
  const policy = { tools: { delete_draft: { effect: 'write' as const } } };

  it('lets the policy stand above all', () => {
    expect(effectOf(call('delete_draft'), policy).effect).toBe('write');
    expect(effectOf(call('mcp__mail__delete_draft'), policy).effect).toBe('write');
  });

  it('lets annotations stand above names, but reads no default into them', () => {
    const tool = (annotations: JsonObject) => ({ name: 'x', annotations });
    expect(effectOf(call('delete_cache'), undefined, tool({ readOnlyHint: true })).effect).toBe('read');
    expect(effectOf(call('archive'), undefined, tool({ destructiveHint: true })).effect).toBe('irreversible');
    expect(effectOf(call('delete_cache'), undefined, tool({ destructiveHint: false })).effect).toBe('write');
    expect(effectOf(call('create_issue'), undefined, tool({ readOnlyHint: false })).effect).toBe('write');
    expect(effectOf(call('delete_cache', {}, { effect: 'read' })).effect).toBe('read');
  });
});
