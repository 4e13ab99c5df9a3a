/** Numbers as people read them. */

/** Stream time as `1:02:03.4`. */
export function timecode(us: number): string {
  const tenths = Math.round(Math.max(0, us) / 100_000);
  const s = Math.floor(tenths / 10);
  const minutes = Math.floor(s / 60) % 60;
  const hours = Math.floor(s / 3600);
  const rest = `${pad(s % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** `[h:]m:ss[.f]` or plain seconds as microseconds; null for anything else. */
export function parseTimecode(text: string): number | null {
  const match = /^(?:(?:(\d{1,4}):)?(\d{1,2}):)?(\d{1,6}(?:\.\d{1,6})?)$/.exec(text.trim());
  if (!match) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6);
}

/** A length as `14.0 s` or `2 min 05 s`. */
export function duration(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
}

/** A small signed offset as `+1.2 ms`. */
export function offsetMs(us: number): string {
  const tenths = Math.round(us / 100);
  if (tenths === 0) return '0 ms';
  return `${tenths > 0 ? '+' : '−'}${(Math.abs(tenths) / 10).toFixed(1)} ms`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1 << 20) return `${(count / 1024).toFixed(0)} KiB`;
  if (count < 1 << 30) return `${(count / (1 << 20)).toFixed(1)} MiB`;
  return `${(count / (1 << 30)).toFixed(2)} GiB`;
}

export function bitrate(bps: number): string {
  return bps < 1e6 ? `${(bps / 1e3).toFixed(0)} kb/s` : `${(bps / 1e6).toFixed(2)} Mb/s`;
}

/** An age as `just now`, `12 s ago`, `3 h ago`, or a date when it is over a week. */
export function ago(iso: string | null | undefined, nowMs: number): string {
  if (!iso) return 'never';
  const s = Math.round((nowMs - Date.parse(iso)) / 1000);
  if (Number.isNaN(s)) return 'never';
  if (s < 5) return 'just now';
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  if (s < 7 * 86_400) return `${Math.floor(s / 86_400)} d ago`;
  return new Date(iso).toLocaleDateString();
}

/** `crowd_reaction` as `Crowd reaction`. */
export function words(name: string): string {
  const text = name.replace(/[_.]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
