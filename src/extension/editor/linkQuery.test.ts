import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkQuery, parseLinkQuery } from './linkQuery.ts';

describe('links', () => {
  it('come back as they were made', () => {
    const place = fc.record({ run: fc.string(), step: fc.nat() });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.option(place, { nil: undefined }), (name, at) => {
        const target = { file: `/traces/${name}`, ...(at && { place: at }) };
        expect(parseLinkQuery(linkQuery(target))).toEqual(target);
      }),
    );
  });

  it.each([
    ['no file', 'run=a&step=1'],
    ['a network path', `file=${encodeURIComponent('\\\\server\\share\\run.json')}`],
    ['a network path with slashes', 'file=//server/share/run.json'],
  ])('with %s are refused', (_what, query) => {
    expect(parseLinkQuery(query)).toBeUndefined();
  });

  it('with a step that is no index open the file only', () => {
    expect(parseLinkQuery('file=/a.json&run=r&step=-1')).toEqual({ file: '/a.json' });
    expect(parseLinkQuery('file=/a.json&run=r&step=x')).toEqual({ file: '/a.json' });
    expect(parseLinkQuery('file=/a.json&step=3')).toEqual({ file: '/a.json' });
  });
});
