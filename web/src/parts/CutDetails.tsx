import type { CutContract } from '../api/types';
import { duration, offsetMs, timecode } from '../format';
import { framesOff } from './cut';

interface Props {
  contract: CutContract;
  fps?: number;
}

/** The cut contract: what was asked, what the file delivers. */
export function CutDetails({ contract: cut, fps }: Props) {
  const off = framesOff(cut, fps);
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
        {cut.gaps.map((gap) => (
          <Gap key={gap.at_us} {...gap} />
        ))}
        <dt>SHA-256</dt>
        <dd className="hash" title={cut.sha256}>
          {cut.sha256}
        </dd>
      </dl>
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
