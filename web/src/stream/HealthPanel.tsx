import type { Health, RingHealth, StreamSettings } from '../api/types';
import { bitrate, bytes, duration, timecode } from '../format';

interface Props {
  health: Health | null;
  settings?: StreamSettings;
}

export function HealthPanel({ health, settings }: Props) {
  if (!health) return <section className="card stack" aria-label="Health" aria-busy="true" />;
  const { ring, ingest, taps } = health;
  const isLive = health.status === 'active';
  const heldUs = Math.max(0, ring.to_us - ring.from_us);
  const capacityUs = (settings?.ring.capacity_s ?? 0) * 1e6;
  return (
    <section className="card stack" aria-label="Health" data-testid="health">
      <h2>Health</h2>
      <dl className="tiles">
        <Tile name="Bitrate" value={isLive ? bitrate(ingest.bitrate_bps) : '–'} id="bitrate" />
        <Tile name="Frames" value={isLive ? `${ingest.fps.toFixed(1)} fps` : '–'} id="fps" />
        <Tile name="Last packet" value={age(ingest.last_packet_age_ms)} id="packet-age" />
        <Tile name="Sound lag" value={lag(taps.audio?.lag_us)} id="audio-lag" />
        <Tile name="Picture lag" value={lag(taps.video?.lag_us)} id="video-lag" />
      </dl>
      <Fill
        name="Held for clipping"
        value={heldUs}
        capacity={capacityUs}
        text={duration(heldUs) + (capacityUs ? ` of ${duration(capacityUs)}` : '')}
        id="ring-seconds"
      />
      {ring.gaps.length + ring.lost.length > 0 && <HeldStrip ring={ring} />}
      <Fill
        name="Room on disk"
        value={ring.bytes}
        capacity={ring.capacity_bytes}
        text={`${bytes(ring.bytes)} of ${bytes(ring.capacity_bytes)}`}
        id="ring-bytes"
      />
      {!ring.is_shrunk && ring.target_capacity_bytes !== ring.capacity_bytes && (
        <p className="fill muted" data-testid="health-resizing">
          Changing to {bytes(ring.target_capacity_bytes)} as new media comes in.
        </p>
      )}
      {ring.is_shrunk && (
        <p className="muted" data-testid="health-shrunk">
          The disk was full: this stream holds less than asked.
        </p>
      )}
    </section>
  );
}

type Stretch = { at_us: number; length_us: number };

/** What is held over time: a block for each unbroken run, the gaps between left open. */
function HeldStrip({ ring }: { ring: RingHealth }) {
  const fromUs = ring.ranges[0]?.from_us ?? ring.from_us;
  const share = (us: number) => `${(100 * us) / Math.max(1, ring.to_us - fromUs)}%`;
  return (
    <div className="fill">
      <div className="held-strip" aria-hidden="true">
        {ring.ranges.map((range) => (
          <span
            key={range.epoch}
            title={`${timecode(range.from_us)} – ${timecode(range.to_us)}`}
            style={{ left: share(range.from_us - fromUs), width: share(range.to_us - range.from_us) }}
          />
        ))}
        {ring.lost.map((lost) => (
          <span
            key={`lost-${lost.at_us}`}
            className="lost"
            title={`damaged at ${timecode(lost.at_us)}`}
            style={{ left: share(lost.at_us - fromUs), width: share(lost.length_us) }}
          />
        ))}
      </div>
      {ring.gaps.length > 0 && (
        <div className="muted" data-testid="health-gaps">
          {told(ring.gaps, 'gap', 'gaps')}
        </div>
      )}
      {ring.lost.length > 0 && (
        <div className="muted" data-testid="health-lost">
          {told(ring.lost, 'damaged stretch', 'damaged stretches')}
        </div>
      )}
    </div>
  );
}

function told(stretches: Stretch[], one: string, many: string): string {
  const sum = stretches.reduce((us, stretch) => us + stretch.length_us, 0);
  const count = stretches.length === 1 ? `1 ${one}` : `${stretches.length} ${many}`;
  return `${count}, ${duration(sum)} in all, the last at ${timecode(stretches.at(-1)!.at_us)}`;
}

function Tile({ name, value, id }: { name: string; value: string; id: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures" data-testid={`health-${id}`}>
        {value}
      </dd>
    </div>
  );
}

interface FillProps {
  name: string;
  value: number;
  capacity: number;
  text: string;
  id: string;
}

function Fill({ name, value, capacity, text, id }: FillProps) {
  return (
    <label className="fill">
      <span className="row spread">
        <span className="muted">{name}</span>
        <span className="figures" data-testid={`health-${id}`}>
          {text}
        </span>
      </span>
      <meter min={0} max={Math.max(1, capacity)} value={value} />
    </label>
  );
}

function age(ms: number): string {
  if (ms < 0) return 'never';
  if (ms < 1000) return `${ms} ms`;
  return duration(ms * 1000);
}

function lag(us: number | null | undefined): string {
  if (us === null || us === undefined) return '–';
  return us < 1e6 ? `${Math.round(us / 1000)} ms` : duration(us);
}
