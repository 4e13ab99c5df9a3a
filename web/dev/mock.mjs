/*
 * A pretend server for work on the page alone: the REST calls and the WebSocket of the contract,
 * kept in memory, with one stream that lives and makes a clip twice a minute, and jobs that stand still.
 *
 *   npm run build && npm run mock -- clip.mp4 poster.jpg     then http://127.0.0.1:8080
 *   npm run mock -- clip.mp4 poster.jpg & npm run dev        with reload on every change
 *
 * Any e-mail and password sign in. NO_SOCKET=1 refuses WebSockets, TOKEN_S=20 lets tokens expire
 * after 20 s, PORT chooses the port.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const [mediaFile, posterFile] = process.argv.slice(2);
const port = Number(process.env.PORT ?? 8080);
const tokenS = Number(process.env.TOKEN_S ?? 900);
const webroot = new URL('../target/classes/webroot', import.meta.url).pathname;

const startedMs = Date.now() - 300_000;
const nowUs = () => (Date.now() - startedMs) * 1000;
const iso = (ms = Date.now()) => new Date(ms).toISOString();

const tokens = new Map();
const sockets = new Set();
let clips = [];
const streams = [
  stream('Finals, main stage', 'active', 'twitch', iso()),
  stream('Podcast studio', 'idle', null, iso(Date.now() - 7_300_000)),
  stream('Backup camera', 'error', 'youtube', iso(Date.now() - 400_000)),
];
streams[2].last_error = 'The publisher vanished: no packet for 10 s.';
const live = streams[0];

function stream(name, status, platform, lastSeenAt) {
  const key = `sk_${randomUUID().replaceAll('-', '')}`;
  return {
    ...{ id: randomUUID(), name, status, platform, stream_key: key },
    ingest: { rtmp: `rtmp://127.0.0.1:1935/live/${key}` },
    settings: {
      ring: { capacity_s: 600, capacity_bytes: 2147483648 },
      recording: 'off',
      detection: {
        ...{ enabled: true, threshold: 0.5, pre_roll_s: 8, post_roll_s: 4 },
        ...{ merge_window_s: 6, cooldown_s: 10, min_signals: 1 },
      },
    },
    ...{ clips_generated: 0, last_seen_at: lastSeenAt, last_error: null, created_at: iso() },
  };
}

// The life of the live stream: loudness ten times a second, bursts, a highlight with its clip.

const BURST_EVERY_US = 30e6;
let levelUs = nowUs() - 60e6;
setInterval(() => {
  const lufs = [];
  const fromUs = levelUs;
  for (; levelUs < nowUs() - 100_000; levelUs += 100_000) lufs.push(loudness(levelUs));
  if (lufs.length > 0) say('levels', { from_us: fromUs, step_us: 100_000, lufs });
}, 500);

function loudness(atUs) {
  const intoBurst = (atUs % BURST_EVERY_US) / 1e6;
  const talk = -32 + 5 * Math.sin(atUs / 3.1e6) + 3 * Math.sin(atUs / 0.7e6) + 2 * Math.random();
  return intoBurst < 4 ? Math.max(talk, -11 - intoBurst * 2.5 + 3 * Math.random()) : talk;
}

setInterval(() => {
  const atUs = nowUs();
  const signals = [
    { kind: 'crowd_reaction', at_us: atUs, strength: 0.92, detail: '+17 dB over the baseline for 2.1 s' },
    { kind: 'loud_moment', at_us: atUs + 600_000, strength: 0.7, detail: '−12.4 LUFS' },
    { kind: 'scene_change', at_us: atUs + 1_400_000, strength: 0.55, detail: 'cut' },
  ];
  signals.forEach((signal, i) => setTimeout(() => say('signal', signal), i * 700));
  const highlight = { from_us: atUs - 8e6, to_us: atUs + 5_400_000, score: 0.92, signals };
  setTimeout(() => {
    say('highlight.detected', highlight);
    const reason = { kind: 'highlight', signals };
    openClip(highlight.from_us, highlight.to_us, 0.92, reason, 'Crowd reaction');
  }, 2000);
}, BURST_EVERY_US / 1000);

function openClip(fromUs, toUs, score, reason, title, createdMs = Date.now()) {
  const clip = {
    id: randomUUID(),
    stream_id: live.id,
    status: 'opened',
    ...{ title, description: '', hashtags: [], score, reason, versions: [] },
    ...{ start_us: fromUs, end_us: toUs },
    ...{ play_url: null, download_url: null, poster_url: null },
    created_at: iso(createdMs),
  };
  clips.unshift(clip);
  live.clips_generated++;
  say('clip.opened', clip);
  setTimeout(() => sealClip(clip, fromUs, toUs), Math.max(100, (toUs - nowUs()) / 1000));
  return clip;
}

function sealClip(clip, fromUs, toUs) {
  const contract = {
    requested_start_us: fromUs,
    requested_end_us: toUs,
    delivered_start_us: fromUs + 11_300,
    delivered_end_us: toUs + 8_900,
    ...{ clamped: false, keyframe_us: fromUs - 1_340_000, trim_us: 1_351_300 },
    ...{ gaps: [], epochs: [0], av_offset_start_us: 0, av_offset_end_us: -1200 },
    ...{ packets_copied: 1042, packets_encoded: 0 },
    sha256: createHash('sha256').update(clip.id).digest('hex'),
  };
  clip.status = 'sealed';
  clip.play_url = `/api/clips/${clip.id}/media.mp4?sig=mock`;
  clip.download_url = `/api/clips/${clip.id}/download?sig=mock`;
  clip.poster_url = `/api/clips/${clip.id}/poster.jpg?sig=mock`;
  clip.versions = [{ version: 1, kind: 'instant', container: 'mp4', contract }];
  say('clip.ready', clip);
}

for (let i = 1; i <= 4; i++) {
  const signals = [{ kind: i % 2 ? 'crowd_reaction' : 'loud_moment', at_us: 8e6, strength: 0.8, detail: '' }];
  const fromUs = i * 40e6;
  const reason = i === 3 ? { kind: 'manual', signals: [] } : { kind: 'highlight', signals };
  openClip(fromUs, fromUs + 14e6, i === 3 ? 0 : 0.6 + i / 12, reason, '', Date.now() - i * 60_000);
}

// Jobs: one of each kind that looks different.

const STEP_NAMES = ['ingest', 'transcribe', 'scene_detect', 'face_track', 'audio_analyze', 'clip_select'];
const jobs = [
  job('keynote-2026.mp4', 'rendering', 63, ['completed', 'completed', 'running']),
  job('podcast-episode-41.mov', 'clips_generated', 49, ['pending', 'pending', 'pending']),
  job('lecture.mkv', 'failed', 62, ['completed', 'failed', 'completed']),
  job('interview.mp4', 'completed', 100, ['completed', 'completed', 'completed']),
];
jobs[2].error_message = 'The process that read the file ran out of memory.';

function job(source, status, progress, renders) {
  const id = randomUUID();
  const step = (name, state, seconds) => ({
    ...{ name, status: state, done: state === 'completed' ? 1 : state === 'running' ? 0.42 : 0 },
    ...{ attempt_count: 1, max_attempts: 2, duration_ms: state === 'completed' ? seconds * 1000 : null },
    error_message: state === 'failed' ? 'The process that read the file ran out of memory.' : null,
  });
  const steps = [
    ...STEP_NAMES.map((name, i) => step(name, 'completed', [1.2, 0.1, 38.4, 61.9, 22.5, 0.4][i])),
    ...renders.map((state, i) => step(`render:clip-0${i + 1}`, state, 14.6 + i)),
    step('export', status === 'completed' ? 'completed' : 'pending', 0.3),
  ];
  return {
    ...{ id, mode: 'vod', status, progress, source_file_key: source, source_url: null },
    settings: { max_clips: 3, aspect_ratio: '9:16', auto_approve: status !== 'clips_generated' },
    ...{ steps, clip_count: renders.length, error_message: null, has_artifacts: true },
    created_at: iso(Date.now() - 240_000),
  };
}

/** Clips of the live stream stand in for those of a job. */
function clipsOfJob(found) {
  const made = found.steps.filter((s) => s.name.startsWith('render'));
  return clips.slice(-made.length).map((clip, i) => ({
    ...clip,
    ...{ job_id: found.id, stream_id: undefined, title: ['The one thing', 'What we got wrong', 'Ask them'][i] },
    status: { completed: 'ready', running: 'rendering', failed: 'failed' }[made[i].status] ?? 'requested',
  }));
}

function jobRest(method, id, action, query, body) {
  const found = jobs.find((j) => j.id === id);
  if (method === 'GET' && !id) return [200, paged(jobs, query)];
  if (method === 'POST' && !id) {
    const made = job(body.source_url ?? body.source_file_key, 'created', 0, []);
    jobs.unshift(made);
    return [201, { id: made.id, status: 'created' }];
  }
  if (!found) return error(404, 'JOB_NOT_FOUND', 'There is no such job.');
  if (method === 'DELETE') {
    jobs.splice(jobs.indexOf(found), 1);
    return [204];
  }
  const after = { approve: 'rendering', retry: 'rendering', pause: 'paused', resume: 'rendering' };
  if (method === 'POST') found.status = after[action] ?? found.status;
  return [200, found];
}

// REST

function rest(method, path, query, body) {
  const [, resource, id, action] = path.split('/').filter(Boolean);
  const found = streams.find((s) => s.id === id);
  if (resource === 'jobs') return jobRest(method, id, action, query, body);
  const asked = jobs.find((j) => j.id === query.get('job'));
  if (method === 'GET' && resource === 'clips' && asked) {
    return [200, { data: clipsOfJob(asked), total: 3, page: 1, pages: 1 }];
  }
  switch (`${method} ${resource}${id ? '/id' : ''}${action ? `/${action}` : ''}`) {
    case 'GET streams':
      return [200, paged(streams, query)];
    case 'POST streams': {
      const made = stream(body.name, 'idle', null, null);
      streams.push(made);
      return [201, made];
    }
    case 'GET clips':
      return [200, paged(clips.filter((c) => fits(c, query)), query)];
    case 'GET clips/id':
      return [200, clips.find((c) => c.id === id)];
    case 'DELETE clips/id':
      clips = clips.filter((c) => c.id !== id);
      return [204];
  }
  if (resource !== 'streams' || !found) return error(404, 'STREAM_NOT_FOUND', 'There is no such stream.');
  switch (`${method} ${action ?? ''}`.trim()) {
    case 'GET':
      return [200, found];
    case 'DELETE':
      streams.splice(streams.indexOf(found), 1);
      return [204];
    case 'PATCH':
      Object.assign(found.settings.detection, body.settings?.detection);
      Object.assign(found.settings, { recording: body.settings?.recording ?? found.settings.recording });
      return [200, found];
    case 'POST pause':
    case 'POST resume':
      found.status = action === 'pause' ? 'stopped' : found === live ? 'active' : 'idle';
      return [200, found];
    case 'GET health':
      return [200, health(found)];
    case 'GET recording':
      return [200, recorded(found)];
    case 'GET clips':
      return [200, paged(found === live ? clips : [], query)];
    case 'POST clips':
      return manualClip(found, body);
  }
  return error(405, 'METHOD_NOT_ALLOWED', 'Not like this.');
}

function manualClip(found, body) {
  if (found !== live) return error(409, 'STREAM_NOT_LIVE', 'Nothing of this stream is held.');
  const toUs = body.to_us ?? nowUs();
  const fromUs = body.from_us ?? toUs - body.last_s * 1e6;
  if (toUs > nowUs() + 600e6) return error(409, 'RANGE_NOT_HELD', 'Held is 0.0 s to now.');
  const clip = openClip(fromUs, toUs, 0, { kind: 'manual', signals: [] }, '');
  return [202, { id: clip.id, status: 'requested' }];
}

/** An hour with one gap, of the stream that lives. */
function recorded(found) {
  const toUs = found === live && found.settings.recording === 'session' ? nowUs() : 0;
  const range = (fromUs, endUs) => ({
    ...{ epoch: 0, session_id: found.id, from_us: fromUs, to_us: endUs, tracks: [] },
    ...{ from: iso(startedMs + fromUs / 1000), to: iso(startedMs + endUs / 1000) },
  });
  const ranges = toUs ? [range(0, 90e6), range(102e6, toUs)] : [];
  return {
    ...{ state: toUs ? 'recording' : 'off', reason: null, ranges, files: [], truncated: false },
    ...{ from_us: toUs ? 0 : null, to_us: toUs || null, bytes: Math.round(toUs * 0.56) },
    media_url: toUs ? `/api/streams/${found.id}/recording/media.mp4?exp=1&sig=mock` : null,
    gaps: toUs ? [{ at_us: 90e6, length_us: 12e6, reason: 'reconnect' }] : [],
    retention: { keep_days: 30, keep_bytes: null },
  };
}

/** What a ring holds that had one gap, one damaged stretch, and is growing. */
function held(toUs, heldUs) {
  const fromUs = toUs - heldUs;
  const range = (epoch, from, to) => ({
    ...{ epoch, from_us: from, to_us: to },
    ...{ from: iso(startedMs + from / 1000), to: iso(startedMs + to / 1000) },
  });
  const gap = { at_us: fromUs + heldUs / 3, length_us: heldUs / 30 };
  return {
    ranges: heldUs
      ? [range(0, fromUs, gap.at_us), range(1, gap.at_us + gap.length_us, toUs)]
      : [],
    gaps: heldUs ? [gap] : [],
    lost: heldUs ? [{ at_us: fromUs + heldUs / 2, length_us: 1_200_000, bytes: 660_000 }] : [],
    ...{ is_shrunk: false, target_capacity_bytes: heldUs ? 4294967296 : 2147483648 },
    ...{ overrun_bytes: 0, force_lag_ms: null, force_failures: 0, leases: { held: 0, revoked: 0 } },
  };
}

function health(found) {
  const isLive = found === live && found.status === 'active';
  const heldUs = isLive ? Math.min(600e6, nowUs()) : 0;
  return {
    status: found.status,
    ring: {
      ...{ from_us: isLive ? nowUs() - heldUs : 0, to_us: isLive ? nowUs() : 0 },
      ...{ bytes: Math.round(heldUs * 0.56), capacity_bytes: 2147483648 },
      ...held(isLive ? nowUs() : 0, heldUs),
    },
    ingest: isLive
      ? { bitrate_bps: 4_400_000 + (Date.now() % 200_000), fps: 60, last_packet_age_ms: 12 }
      : { bitrate_bps: 0, fps: 0, last_packet_age_ms: -1 },
    taps: isLive ? { audio: { lag_us: 42_000 }, video: { lag_us: 121_000 } } : {},
  };
}

function fits(clip, query) {
  const [streamId, status] = [query.get('stream'), query.get('status')];
  return (!streamId || clip.stream_id === streamId) && (!status || clip.status === status);
}

function paged(all, query) {
  const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 20)];
  const data = all.slice((page - 1) * limit, page * limit);
  return { data, total: all.length, page, pages: Math.ceil(all.length / limit) };
}

function error(status, code, message) {
  return [status, { error: { code, message, trace_id: randomUUID() } }];
}

function issue() {
  const token = randomUUID();
  tokens.set(token, Date.now() + tokenS * 1000);
  return [200, { access_token: token, refresh_token: randomUUID(), expires_in: tokenS }];
}

// HTTP and WebSocket

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://mock');
  if (searchParams.has('sig')) return sendFile(request, response, pathname);
  if (!pathname.startsWith('/api/')) return sendPage(response, pathname);
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = text ? JSON.parse(text) : {};
  const [status, answer] = answerTo(request, pathname, searchParams, body);
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(answer === undefined ? '' : JSON.stringify(answer));
});

function answerTo(request, pathname, query, body) {
  if (pathname === '/api/auth/register') return [201, { id: randomUUID(), ...body }];
  if (pathname === '/api/auth/logout') return [204];
  if (body.password === 'wrong') return error(401, 'INVALID_CREDENTIALS', 'E-mail or password is wrong.');
  if (pathname.startsWith('/api/auth/')) return issue();
  const token = request.headers.authorization?.slice('Bearer '.length);
  if (!isValid(token)) return error(401, 'TOKEN_EXPIRED', 'The token has expired.');
  return rest(request.method, pathname, query, body);
}

function isValid(token) {
  return (tokens.get(token) ?? 0) > Date.now();
}

function sendPage(response, pathname) {
  const file = join(webroot, normalize(pathname === '/' ? '/index.html' : pathname));
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
  response.end(readFileSync(file));
}

function sendFile(request, response, pathname) {
  const isPoster = pathname.endsWith('poster.jpg');
  const file = isPoster ? posterFile : mediaFile;
  if (!file) return response.writeHead(404).end();
  const all = readFileSync(file);
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  const type = { 'Content-Type': isPoster ? 'image/jpeg' : 'video/mp4', 'Accept-Ranges': 'bytes' };
  if (!range) return response.writeHead(200, { ...type, 'Content-Length': all.length }).end(all);
  const [from, to] = [Number(range[1]), range[2] ? Number(range[2]) : all.length - 1];
  const part = { 'Content-Range': `bytes ${from}-${to}/${all.length}`, 'Content-Length': to - from + 1 };
  response.writeHead(206, { ...type, ...part }).end(all.subarray(from, to + 1));
}

server.on('upgrade', (request, socket) => {
  const { pathname, searchParams } = new URL(request.url, 'http://mock');
  const token = searchParams.get('token');
  if (process.env.NO_SOCKET || !isValid(token)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const listener = { socket, streamId: pathname.split('/').pop() };
  sockets.add(listener);
  const expiry = setTimeout(() => send(listener, 'token_expired', {}), tokens.get(token) - Date.now());
  const gone = () => {
    sockets.delete(listener);
    clearTimeout(expiry);
    socket.destroy();
  };
  // Nothing is expected from the page: its first frame is its goodbye.
  socket.on('data', gone).on('close', gone).on('error', gone);
});

function say(type, data) {
  for (const listener of sockets) if (listener.streamId === live.id) send(listener, type, data);
}

function send({ socket, streamId }, type, data) {
  const payload = Buffer.from(JSON.stringify({ type, stream_id: streamId, at: iso(), data }));
  const header = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4);
  header[0] = 0x81;
  header[1] = payload.length < 126 ? payload.length : 126;
  if (payload.length >= 126) header.writeUInt16BE(payload.length, 2);
  socket.write(Buffer.concat([header, payload]));
}

server.listen(port, '127.0.0.1', () => {
  const [, { access_token }] = issue();
  console.log(`http://127.0.0.1:${port}/#token=${access_token}&refresh=mock&stream=${live.id}`);
});
