import { useCallback, useEffect, useRef, useState, type PointerEvent } from 'react';
import { api } from '../api/client';
import type { RecordedRange, Recording, Stream } from '../api/types';
import { bytes, duration, timecode } from '../format';
import { useToast } from '../parts/Toasts';
import type { TimeRange } from './drawLoudness';
import { markedRange, rangeUrl } from './recorded';

interface Props {
  stream: Stream;
  selection: TimeRange | null;
  onSelect: (range: TimeRange | null) => void;
  onSaved: () => void;
}

const POLL_MS = 5_000;
/** Older ranges are on the strip and in the download of everything. */
const LISTED_RANGES = 4;

/** What is recorded of a stream, to mark a window of it and to take ranges of it away. */
export function RecordingPanel({ stream, selection, onSelect, onSaved }: Props) {
  const isOn = stream.settings?.recording === 'session';
  const [recording, reload] = useRecording(stream.id, isOn);
  if (!recording) return <section className="card stack" aria-label="Recording" aria-busy="true" />;
  const hasMedia = recording.ranges.length > 0;
  return (
    <section className="card stack" aria-label="Recording" data-testid="recording">
      <div className="row spread">
        <h2>Recording</h2>
        <Toggle stream={stream} isOn={isOn} onSaved={() => (onSaved(), reload())} />
      </div>
      {recording.reason && (
        <p className="alert" role="status" data-testid="recording-reason">
          {recording.reason}
        </p>
      )}
      {hasMedia ? (
        <>
          <RecordedStrip recording={recording} selection={selection} onSelect={onSelect} />
          <Facts recording={recording} />
          <Downloads recording={recording} selection={selection} />
        </>
      ) : (
        <p className="muted small-text" data-testid="recording-empty">
          {isOn
            ? 'Nothing is recorded yet.'
            : 'Keeps everything that arrives, beyond what is held for clipping.'}
        </p>
      )}
    </section>
  );
}

/** What the server says of the recording, again and again while it grows. */
function useRecording(id: string, isOn: boolean): [Recording | null, () => void] {
  const toast = useToast();
  const [recording, setRecording] = useState<Recording | null>(null);
  const hasFailed = useRef(false);
  const reload = useCallback(async () => {
    try {
      setRecording(await api.recording(id));
      hasFailed.current = false;
    } catch (error) {
      // Told once, not at every look.
      if (!hasFailed.current) toast.failure(error);
      hasFailed.current = true;
    }
  }, [id, toast]);
  useEffect(() => {
    void reload();
    if (!isOn) return;
    const timer = setInterval(() => void reload(), POLL_MS);
    return () => clearInterval(timer);
  }, [isOn, reload]);
  return [recording, () => void reload()];
}

function Toggle({ stream, isOn, onSaved }: { stream: Stream; isOn: boolean; onSaved: () => void }) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const toggle = async () => {
    setBusy(true);
    try {
      await api.saveRecording(stream.id, isOn ? 'off' : 'session');
      onSaved();
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };
  return (
    <button
      className="small"
      onClick={() => void toggle()}
      disabled={isBusy}
      aria-pressed={isOn}
      data-testid="recording-toggle"
    >
      {isOn ? 'Stop recording' : 'Record'}
    </button>
  );
}

interface StripProps {
  recording: Recording;
  selection: TimeRange | null;
  onSelect: (range: TimeRange | null) => void;
}

/** Everything that is recorded from left to right; a click or a drag marks a window. */
function RecordedStrip({ recording, selection, onSelect }: StripProps) {
  const dragFromUs = useRef<number | null>(null);
  const fromUs = recording.from_us ?? 0;
  const toUs = Math.max(fromUs + 1, recording.to_us ?? 0);
  const share = (us: number) => `${(100 * us) / (toUs - fromUs)}%`;
  const timeOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return fromUs + ((event.clientX - box.left) / box.width) * (toUs - fromUs);
  };
  const mark = (event: PointerEvent) => {
    if (dragFromUs.current === null) return;
    onSelect(markedRange(recording.ranges, dragFromUs.current, timeOf(event)));
  };
  const shown = selection && {
    from: Math.max(fromUs, selection.fromUs),
    to: Math.min(toUs, selection.toUs),
  };
  return (
    <div className="stack tight">
      <div
        className="held-strip markable"
        role="img"
        aria-label={`Recorded from ${timecode(fromUs)} to ${timecode(toUs)}`}
        data-testid="recording-strip"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragFromUs.current = timeOf(event);
        }}
        onPointerMove={mark}
        onPointerUp={(event) => {
          mark(event);
          dragFromUs.current = null;
        }}
        onPointerCancel={() => (dragFromUs.current = null)}
      >
        {recording.ranges.map((range) => (
          <span
            key={range.from_us}
            style={{ left: share(range.from_us - fromUs), width: share(range.to_us - range.from_us) }}
          />
        ))}
        {shown && shown.to > shown.from && (
          <span
            className="marked"
            data-testid="recording-marked"
            style={{ left: share(shown.from - fromUs), width: share(shown.to - shown.from) }}
          />
        )}
      </div>
      <div className="row spread muted figures small-text">
        <span>{timecode(fromUs)}</span>
        <span>Click or drag to mark a clip</span>
        <span>{timecode(toUs)}</span>
      </div>
    </div>
  );
}

function Facts({ recording }: { recording: Recording }) {
  const { ranges, gaps, retention } = recording;
  const lengthUs = ranges.reduce((us, range) => us + range.to_us - range.from_us, 0);
  const limits = [
    retention.keep_days !== null && `kept for ${retention.keep_days} days`,
    retention.keep_bytes !== null && `up to ${bytes(retention.keep_bytes)} are kept`,
  ].filter(Boolean);
  return (
    <p className="muted small-text" data-testid="recording-facts">
      {[
        `${duration(lengthUs)}, ${bytes(recording.bytes)}`,
        gaps.length > 0 && (gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`),
        ...limits,
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

function Downloads({ recording, selection }: { recording: Recording; selection: TimeRange | null }) {
  const url = recording.media_url ?? '';
  const newest = recording.ranges.slice(-LISTED_RANGES).reverse();
  return (
    <>
      {selection && (
        <a
          className="button small"
          href={rangeUrl(url, selection.fromUs, selection.toUs)}
          download
          data-testid="recording-download-marked"
        >
          Download the marked {duration(selection.toUs - selection.fromUs)}
        </a>
      )}
      <ul className="ranges">
        {newest.map((range) => (
          <li key={range.from_us}>
            <span>
              {clock(range)}{' '}
              <span className="muted nowrap">· {duration(range.to_us - range.from_us)}</span>
            </span>
            <a
              className="button small"
              href={rangeUrl(url, range.from_us, range.to_us)}
              download
              aria-label={`Download what was recorded from ${clock(range)}`}
              data-testid="recording-download"
            >
              Download
            </a>
          </li>
        ))}
      </ul>
      {recording.ranges.length > LISTED_RANGES && (
        <p className="muted small-text">
          and {recording.ranges.length - LISTED_RANGES} earlier
        </p>
      )}
    </>
  );
}

/** The time at which it began; with the day when that is not today. */
function clock({ from }: RecordedRange): string {
  const began = new Date(from);
  const isToday = began.toDateString() === new Date().toDateString();
  const day = isToday ? '' : `${began.toLocaleDateString([], { month: 'short', day: 'numeric' })}, `;
  return day + began.toLocaleTimeString();
}
