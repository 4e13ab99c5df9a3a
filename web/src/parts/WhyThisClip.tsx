import type { Clip } from '../api/types';
import { timecode } from '../format';
import { KindName } from './kinds';

/** The signals that led to the clip: the kinds at a glance, each with time and strength inside. */
export function WhyThisClip({ clip }: { clip: Clip }) {
  const signals = clip.reason?.signals ?? [];
  if (signals.length === 0) {
    return (
      <p className="why-manual muted" data-testid="clip-reason">
        {clip.reason?.kind === 'highlight' ? 'Highlight' : 'Clipped by hand'}
      </p>
    );
  }
  const kinds = [...new Set(signals.map((signal) => signal.kind))];
  return (
    <details className="fold" data-testid="clip-reason">
      <summary>
        <span>Why this clip</span>
        {kinds.map((kind) => (
          <KindName key={kind} kind={kind} />
        ))}
      </summary>
      <ul className="signals">
        {signals.map((signal, index) => (
          <li key={index}>
            <span className="figures muted">{timecode(signal.at_us)}</span>
            <KindName kind={signal.kind} />
            <meter
              min={0}
              max={1}
              value={signal.strength}
              aria-label="Strength"
              title={`Strength ${Math.round(signal.strength * 100)} %`}
            />
            {signal.detail && <span className="detail muted">{signal.detail}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
