import { useEffect, useState } from 'react';

interface Props {
  text: string;
  label: string;
}

const CONFIRMED_MS = 1_500;

export function CopyButton({ text, label }: Props) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      className="small"
      aria-label={`Copy ${label}`}
      onClick={() => void copy(text).then(setCopied)}
    >
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}

/** `navigator.clipboard` exists on https and localhost only; elsewhere the old command works. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not permitted here: the command below may still be.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}
