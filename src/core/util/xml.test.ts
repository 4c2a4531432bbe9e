import { expect, it } from 'vitest';
import { xmlDocument } from './xml.ts';

it('writes elements with attributes and text, and leaves out what is undefined', () => {
  const inner = [{ name: 'b', text: '1 < 2 & ]]>' }, { name: 'c' }];
  expect(xmlDocument({ name: 'a', attributes: { x: 1, y: undefined, z: '"\n\t\r<' }, children: inner })).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<a x="1" z="&quot;&#10;&#9;&#13;&lt;">
  <b>1 &lt; 2 &amp; ]]&gt;</b>
  <c/>
</a>
`,
  );
});

it('replaces what XML can not hold', () => {
  expect(xmlDocument({ name: 'a', text: 'a\u0000b\u000bc\ud800d\ufffee\u{1f600}' })).toContain('a�b�c�d�e😀');
});
