import type { StreamStatus } from '../api/types';

const LABELS: Record<StreamStatus, string> = {
  idle: 'Idle',
  connecting: 'Connecting',
  active: 'Live',
  error: 'Error',
  stopped: 'Paused',
};

/** A stream's state as a coloured dot with its word. */
export function StatusPill({ status }: { status: StreamStatus }) {
  return (
    <span className={`status ${status}`} data-testid="stream-status" data-status={status}>
      <i aria-hidden="true" />
      {LABELS[status] ?? status}
    </span>
  );
}
