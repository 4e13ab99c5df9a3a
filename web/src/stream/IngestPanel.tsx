import { useState } from 'react';
import type { Stream } from '../api/types';
import { CopyButton } from '../parts/CopyButton';

interface Props {
  stream: Stream;
  isOpen?: boolean;
}

const NAMES: Record<string, string> = {
  rtmp: 'RTMP',
  rtmps: 'RTMPS',
  rtsp: 'RTSP',
  rtsps: 'RTSPS',
  whip: 'WHIP',
  srt: 'SRT',
};

/** Where to push to. The key is a password: it is covered until asked for, as screens are shared. */
export function IngestPanel({ stream, isOpen = false }: Props) {
  const [isShown, setShown] = useState(false);
  const key = stream.stream_key ?? '';
  const cover = (text: string) =>
    isShown || !key ? text : text.split(key).join('•'.repeat(10));
  const urls = Object.entries(stream.ingest ?? {}).flatMap(([kind, url]) =>
    url ? [{ kind, url }] : [],
  );
  const rtmp = stream.ingest?.rtmp;
  // Whoever may only look is not shown where to publish.
  if (urls.length === 0) return null;
  return (
    <section className="card stack" aria-label="Ingest" data-testid="ingest">
      <div className="row spread">
        <h2>{isOpen ? 'Point your encoder here' : 'Ingest'}</h2>
        <button className="small" onClick={() => setShown(!isShown)} data-testid="ingest-reveal">
          {isShown ? 'Hide key' : 'Show key'}
        </button>
      </div>
      <ul className="addresses">
        {urls.map(({ kind, url }) => (
          <Address key={kind} name={NAMES[kind] ?? kind} shown={cover(url)} text={url} id={kind} />
        ))}
        {key && <Address name="Key" shown={cover(key)} text={key} id="key" />}
      </ul>
      {rtmp && <EncoderHints rtmp={rtmp} streamKey={key} isOpen={isOpen} cover={cover} />}
    </section>
  );
}

interface AddressProps {
  name: string;
  shown: string;
  text: string;
  id: string;
}

function Address({ name, shown, text, id }: AddressProps) {
  return (
    <li>
      <span className="muted">{name}</span>
      <code data-testid={`ingest-${id}`}>{shown}</code>
      <CopyButton text={text} label={name} />
    </li>
  );
}

interface HintsProps {
  rtmp: string;
  streamKey: string;
  isOpen: boolean;
  cover: (text: string) => string;
}

function EncoderHints({ rtmp, streamKey, isOpen, cover }: HintsProps) {
  const server = rtmp.endsWith(`/${streamKey}`) ? rtmp.slice(0, -streamKey.length - 1) : rtmp;
  const command =
    'ffmpeg -re -i input.mp4 -c:v libx264 -preset veryfast -g 60 -c:a aac -f flv ' + `"${rtmp}"`;
  return (
    <details className="fold" open={isOpen}>
      <summary>
        <span>OBS and ffmpeg</span>
      </summary>
      <p>
        <b>OBS</b>: Settings → Stream → Service “Custom…”, Server <code>{server}</code>, Stream Key
        as above. A keyframe interval of 2 s makes clips start soonest.
      </p>
      <p>
        <b>ffmpeg</b>
      </p>
      <div className="row top-aligned">
        <code className="block">{cover(command)}</code>
        <CopyButton text={command} label="the ffmpeg command" />
      </div>
    </details>
  );
}
