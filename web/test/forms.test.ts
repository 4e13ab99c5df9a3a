import { afterEach, describe, expect, it, vi } from 'vitest';
import { prepared } from '../src/api/forms';

function answering(...answers: { status: number; after?: string; type?: string }[]) {
  const asked = vi.fn(async () => {
    const { status, after, type } = answers.shift()!;
    const headers = new Headers(after ? { 'Retry-After': after } : {});
    return { status, ok: status >= 200 && status < 300, headers, type: type ?? 'basic' };
  });
  vi.stubGlobal('fetch', asked);
  return asked;
}

describe('another form of a clip', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is asked for again until it is there, as late as the server says', async () => {
    const asked = answering({ status: 202, after: '3' }, { status: 429 }, { status: 200 });
    const pauses: number[] = [];
    await prepared('/clip?sig=1&format=mkv', async (seconds) => void pauses.push(seconds));
    expect(asked).toHaveBeenCalledTimes(3);
    expect(asked).toHaveBeenCalledWith('/clip?sig=1&format=mkv', { method: 'HEAD', redirect: 'manual' });
    expect(pauses).toEqual([3, 2]);
  });

  it('is there when the store has it', async () => {
    answering({ status: 0, type: 'opaqueredirect' });
    await prepared('/clip');
  });

  it('says why there is none', async () => {
    answering({ status: 415 });
    await expect(prepared('/clip')).rejects.toThrow('codecs');
  });
});
