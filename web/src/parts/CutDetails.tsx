import type { CutContract } from '../api/types';
import { duration, offsetMs, timecode } from '../format';
import { VerifyCut } from './VerifyCut';
import { framesOff } from './cut';

interface Props {
  clipId: string;
  version: number;
  contract: CutContract;
  fps?: number;
}

/** The cut contract: what was asked, what the file delivers. */
export function CutDetails({ clipId, version, contract: cut, fps }: Props) {
  const off = framesOff(cut, fps);
  const frames = (cut.delivered_end_frame ?? 0) - (cut.delivered_start_frame ?? 0);
  return (
    <details className="fold" data-testid="clip-contract">
      <summary>
        <span>Cut</span>
        {off !== null && (
          <span className={off === 0 ? 'good-text' : 'bad-text'}>
            {off} {off === 1 ? 'frame' : 'frames'} off
          </span>
        )}
        {cut.clamped && <span className="warn-text">shortened to what was held</span>}
        {cut.gaps.length > 0 && <span className="warn-text">{cut.gaps.length} gaps</span>}
      </summary>
      <dl className="facts">
        <dt>Asked</dt>
        <dd>
          {timecode(cut.requested_start_us)}–{timecode(cut.requested_end_us)}
        </dd>
        <dt>Delivered</dt>
        <dd>
          {timecode(cut.delivered_start_us)}–{timecode(cut.delivered_end_us)}
        </dd>
        {cut.delivered_end_frame != null && (
          <>
            <dt>Frames</dt>
            <dd>{frames}</dd>
          </>
        )}
        <dt>Start moved</dt>
        <dd>{offsetMs(cut.delivered_start_us - cut.requested_start_us)}</dd>
        <dt>End moved</dt>
        <dd>{offsetMs(cut.delivered_end_us - cut.requested_end_us)}</dd>
        <dt>Trimmed before</dt>
        <dd>{duration(cut.trim_us)}</dd>
        <dt>Sound at start</dt>
        <dd>{offsetMs(cut.av_offset_start_us)}</dd>
        <dt>Sound at end</dt>
        <dd>{offsetMs(cut.av_offset_end_us)}</dd>
        <dt>Packets</dt>
        <dd>
          {cut.packets_copied} copied, {cut.packets_encoded} encoded
        </dd>
        {(cut.tracks?.length ?? 0) > 0 && (
          <>
            <dt>Codecs</dt>
            <dd>{cut.tracks?.map((track) => track.codecs.join(' ')).join(', ')}</dd>
          </>
        )}
        {cut.latency_from_close_us != null && (
          <>
            <dt>Made in</dt>
            <dd title="From the close of its window to the finished file">
              {(cut.latency_from_close_us / 1000).toFixed(0)} ms
            </dd>
          </>
        )}
        {cut.gaps.map((gap) => (
          <Gap key={gap.at_us} {...gap} />
        ))}
        <dt>SHA-256</dt>
        <dd className="hash" title={cut.sha256}>
          {cut.sha256}
        </dd>
      </dl>
      <VerifyCut clipId={clipId} version={version} />
    </details>
  );
}

function Gap({ at_us, length_us }: { at_us: number; length_us: number }) {
  return (
    <>
      <dt>Gap</dt>
      <dd>
        {duration(length_us)} at {timecode(at_us)}
      </dd>
    </>
  );
}
