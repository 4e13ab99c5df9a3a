/** The server's JSON, as its contract names it. Media time is stream time in microseconds. */

export type StreamStatus = 'idle' | 'connecting' | 'active' | 'error' | 'stopped';

export interface DetectionSettings {
  enabled: boolean;
  threshold: number;
  pre_roll_s: number;
  post_roll_s: number;
  merge_window_s: number;
  cooldown_s: number;
  min_signals: number;
}

export interface StreamSettings {
  ring: { capacity_s: number; capacity_bytes: number };
  recording: 'off' | 'session';
  epochs: 'stitch' | 'split' | 'refuse';
  takeover?: 'refuse' | 'replace';
  detection: DetectionSettings;
}

export interface Stream {
  id: string;
  name: string;
  status: StreamStatus;
  platform?: string | null;
  stream_key?: string;
  ingest?: Partial<Record<'rtmp' | 'rtsp' | 'rtmps' | 'rtsps' | 'whip' | 'srt', string | null>>;
  settings?: StreamSettings;
  preview_url?: string;
  snapshot_url?: string;
  clips_generated?: number;
  last_seen_at?: string | null;
  last_error?: string | null;
  created_at?: string;
}

export interface RingHealth {
  from_us: number;
  to_us: number;
  bytes: number;
  capacity_bytes: number;
  target_capacity_bytes: number;
  is_shrunk: boolean;
  /** What is held of each epoch, oldest first. */
  ranges: { epoch: number; from_us: number; to_us: number; from: string; to: string }[];
  gaps: { at_us: number; length_us: number }[];
  /** Stretches that were found damaged. */
  lost: { at_us: number; length_us: number; bytes: number }[];
}

export interface Health {
  status: StreamStatus;
  ring: RingHealth;
  ingest: { bitrate_bps: number; fps: number; last_packet_age_ms: number };
  taps: { audio?: { lag_us: number | null }; video?: { lag_us: number | null } };
}

export interface RecordedRange {
  epoch: number;
  session_id: string;
  from_us: number;
  to_us: number;
  from: string;
  to: string;
}

/** What is recorded of a stream: ranges without a hole, oldest first. */
export interface Recording {
  state: 'off' | 'recording' | 'paused' | 'failing' | 'unsupported';
  reason: string | null;
  from_us: number | null;
  to_us: number | null;
  bytes: number;
  /** Signed; a range is chosen by adding `&from_us=` and `&to_us=`. */
  media_url: string | null;
  ranges: RecordedRange[];
  gaps: { at_us: number; length_us: number; reason: string }[];
  retention: { keep_days: number | null; keep_bytes: number | null };
}

export interface Signal {
  kind: string;
  at_us: number;
  strength: number;
  detail?: string;
}

export interface Highlight {
  from_us: number;
  to_us: number;
  score: number;
  signals: Signal[];
}

export interface CutContract {
  requested_start_us: number;
  requested_end_us: number;
  delivered_start_us: number;
  delivered_end_us: number;
  clamped: boolean;
  keyframe_us: number;
  trim_us: number;
  gaps: { at_us: number; length_us: number }[];
  epochs: number[];
  av_offset_start_us: number;
  av_offset_end_us: number;
  packets_copied: number;
  packets_encoded: number;
  sha256: string;
  /** Pictures as they are shown, 0 being the first one in the file; ends are exclusive. */
  requested_start_frame?: number | null;
  requested_end_frame?: number | null;
  delivered_start_frame?: number | null;
  delivered_end_frame?: number | null;
  tracks?: TrackContract[];
  latency_from_trigger_us?: number | null;
  latency_from_close_us?: number | null;
}

/** What the file holds of one track, and what its edit list hides of that. */
export interface TrackContract {
  index: number;
  kind: 'video' | 'audio';
  codecs: string[];
  packets: number;
  starts_at_us: number;
  trim_start_us: number;
  trim_joins_us: number;
  trim_end_us: number;
}

/** A file held against its contract. */
export interface Verification {
  clip_id: string;
  version: number;
  verified_at: string;
  ok: boolean;
  checks: { name: string; expected: number | string; measured: number | string; ok: boolean }[];
}

export type ClipStatus =
  | 'requested'
  | 'opened'
  | 'playable'
  | 'sealed'
  | 'rendering'
  | 'ready'
  | 'failed';

export interface ClipVersion {
  version: number;
  kind: 'instant' | 'exact' | 'render';
  container: string;
  download_url?: string;
  contract?: CutContract;
}

export interface Clip {
  id: string;
  stream_id?: string;
  job_id?: string;
  status: ClipStatus;
  title?: string;
  description?: string;
  start_us: number;
  end_us: number;
  score: number;
  reason?: { kind: string; signals?: Signal[] };
  versions?: ClipVersion[];
  play_url?: string | null;
  download_url?: string | null;
  poster_url?: string | null;
  /** WebVTT over small pictures. */
  strip_url?: string | null;
  failure?: string | null;
  created_at: string;
}

export interface Levels {
  from_us: number;
  step_us: number;
  lufs: number[];
}

export interface Page<T> {
  data: T[];
  total: number;
  page: number;
  pages: number;
}

/** One message of `/ws/stream/{id}`. */
export type StreamMessage = { stream_id: string; at: string } & (
  | { type: 'stream.started' | 'stream.ended'; data: { reason?: string } }
  | { type: 'signal'; data: Signal }
  | { type: 'levels'; data: Levels }
  | { type: 'highlight.detected'; data: Highlight }
  | {
      type: 'clip.opened' | 'clip.playable' | 'clip.ready' | 'clip.rendered' | 'clip.failed';
      data: Clip;
    }
  | { type: 'ingest.alert'; data: { code: string; message: string } }
  | { type: 'token_expired'; data?: unknown }
);

export type JobStatus =
  | 'created'
  | 'ingesting'
  | 'analyzing'
  | 'clips_generated'
  | 'rendering'
  | 'review'
  | 'publishing'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'paused';

export interface JobStep {
  /** `render:clip-01` for the rendering of a clip. */
  name: string;
  clip_id?: string | null;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'cancelled';
  /** 0..1 */
  done?: number;
  attempt_count: number;
  max_attempts?: number;
  duration_ms: number | null;
  next_attempt_at?: string | null;
  error_message: string | null;
}

/** A video that clips are made of. */
export interface Job {
  id: string;
  status: JobStatus;
  /** 0..100 */
  progress: number;
  source_file_key?: string | null;
  source_url?: string | null;
  settings?: { max_clips: number; aspect_ratio: string; auto_approve: boolean };
  steps: JobStep[];
  clip_count: number;
  error_message?: string | null;
  has_artifacts?: boolean;
  created_at: string;
}

export interface JobOrder {
  mode: 'vod';
  source_file_key?: string;
  source_url?: string;
  settings: Record<string, unknown>;
}

/** One message of `/ws/jobs/{id}`. */
export type JobMessage = { job_id: string; at: string } & (
  | { type: 'job.step'; data: JobStep & { job_status: JobStatus; progress: number } }
  | {
      type: 'job.progress';
      data: { status: JobStatus; progress: number; steps: string[]; done: number };
    }
  | { type: 'job.completed' | 'job.failed'; data: unknown }
  | { type: 'clip.ready' | 'clip.rendered' | 'clip.failed' | 'clip.updated'; data: Clip }
  | { type: 'token_expired'; data?: unknown }
);

/** Whether the clip's file is complete. */
export function isDownloadable(clip: Clip): boolean {
  return clip.status === 'sealed' || clip.status === 'rendering' || clip.status === 'ready';
}

/** Whether the clip's window is still being captured. */
export function isOpen(clip: Clip): boolean {
  return clip.status === 'requested' || clip.status === 'opened' || clip.status === 'playable';
}

/** What whoever has a link may know of a clip. */
export interface SharedClip {
  title: string;
  description: string;
  hashtags: string[];
  container: string;
  size_bytes: number;
  play_url: string;
  download_url: string;
  expires_at: string;
}
