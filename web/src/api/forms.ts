import { ApiError } from './client';

/** A clip in another form, made by the server when it is first asked for. */
export interface ClipForm {
  name: string;
  query: string;
  title: string;
}

export const CLIP_FORMS: readonly ClipForm[] = [
  { name: 'Exact MP4', query: 'exact=reencode', title: 'For players and editors that ignore edit lists' },
  { name: 'MKV', query: 'format=mkv', title: 'Matroska: the same pictures, first to last' },
  { name: 'TS', query: 'format=ts', title: 'MPEG-TS: the same pictures, first to last' },
  { name: 'GIF', query: 'format=gif', title: 'A few seconds that loop, without sound' },
  { name: 'WebP', query: 'format=webp', title: 'A few seconds that loop, without sound' },
];

/** Ten minutes at the usual two seconds: a long clip may be encoded anew. */
const MAX_RETURNS = 300;

/** Still being made, not sealed yet, too much waits. */
const LATER = [202, 425, 429];

/** Waits until the file at a signed address is there. */
export async function prepared(url: string, pause = wait): Promise<void> {
  for (let returns = 0; returns < MAX_RETURNS; returns++) {
    const answer = await head(url);
    if (answer.type === 'opaqueredirect') return; // to the store that has it
    if (!LATER.includes(answer.status)) {
      if (answer.ok) return;
      throw new ApiError(answer.status, `HTTP_${answer.status}`, reasonOf(answer.status));
    }
    await pause(Number(answer.headers.get('Retry-After') ?? 2));
  }
  throw new ApiError(0, 'NOT_READY', 'It takes too long; ask again later.');
}

async function head(url: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'HEAD', redirect: 'manual' });
  } catch {
    throw new ApiError(0, 'UNREACHABLE', 'The server does not answer.');
  }
}

function reasonOf(status: number): string {
  switch (status) {
    case 403:
      return 'The address has expired: load the page again.';
    case 404:
      return 'The clip is gone.';
    case 415:
      return 'There is no such file of this clip’s codecs.';
    case 507:
      return 'The server has no room for it.';
    default:
      return 'It could not be made.';
  }
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(30, Math.max(1, seconds)) * 1000));
}
