import { useEffect, useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { duration, parseTimecode, timecode } from '../format';
import { useToast } from '../parts/Toasts';
import type { TimeRange } from './drawLoudness';

interface Props {
  streamId: string;
  selection: TimeRange | null;
  onSelect: (range: TimeRange | null) => void;
  onRequested: () => void;
}

const LENGTHS_S = [15, 30, 60];

/** Clips by hand: the newest seconds, or a range typed in or dragged over the curve. */
export function ManualClip({ streamId, selection, onSelect, onRequested }: Props) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);

  const request = async (ask: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await ask();
      onRequested();
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };

  return (
    <div className="manual">
      <div className="row wrap" role="group" aria-label="Clip the newest seconds">
        <span className="muted">Clip last</span>
        {LENGTHS_S.map((seconds) => (
          <button
            key={seconds}
            className="primary"
            disabled={isBusy}
            onClick={() => void request(() => api.clipLast(streamId, seconds))}
            aria-label={`Clip last ${seconds} seconds`}
            data-testid={`clip-last-${seconds}`}
          >
            {seconds} s
          </button>
        ))}
      </div>
      <RangeForm
        selection={selection}
        isBusy={isBusy}
        onSelect={onSelect}
        onClip={({ fromUs, toUs }) => void request(() => api.clipRange(streamId, fromUs, toUs))}
      />
    </div>
  );
}

interface RangeProps {
  selection: TimeRange | null;
  isBusy: boolean;
  onSelect: (range: TimeRange | null) => void;
  onClip: (range: TimeRange) => void;
}

function RangeForm({ selection, isBusy, onSelect, onClip }: RangeProps) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  useEffect(() => {
    if (!selection) return;
    setFrom(timecode(selection.fromUs));
    setTo(timecode(selection.toUs));
  }, [selection]);

  const fromUs = parseTimecode(from);
  const toUs = parseTimecode(to);
  const range = fromUs !== null && toUs !== null && toUs > fromUs ? { fromUs, toUs } : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (range) onClip(range);
  };
  const clear = () => {
    setFrom('');
    setTo('');
    onSelect(null);
  };
  return (
    <form className="row wrap" onSubmit={submit} aria-label="Clip a range of stream time">
      <input
        className="time"
        placeholder="m:ss"
        aria-label="From, stream time"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        data-testid="clip-from"
      />
      <span className="muted" aria-hidden="true">
        –
      </span>
      <input
        className="time"
        placeholder="m:ss"
        aria-label="To, stream time"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        data-testid="clip-to"
      />
      <button disabled={!range || isBusy} data-testid="clip-range">
        {range ? `Clip ${duration(range.toUs - range.fromUs)}` : 'Clip range'}
      </button>
      {(from || to) && (
        <button type="button" className="quiet" onClick={clear} aria-label="Clear the range">
          ×
        </button>
      )}
    </form>
  );
}
