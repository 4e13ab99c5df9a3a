import { useState } from 'react';
import { api } from '../api/client';
import type { Verification } from '../api/types';
import { useToast } from './Toasts';

/** Has the server decode the file and hold it against its contract; shows what it found. */
export function VerifyCut({ clipId, version }: { clipId: string; version: number }) {
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const [found, setFound] = useState<Verification | null>(null);

  const verify = async () => {
    setAsking(true);
    try {
      setFound(await api.verifyClip(clipId, version));
    } catch (error) {
      toast.failure(error);
    } finally {
      setAsking(false);
    }
  };

  const failed = found?.checks.filter((check) => !check.ok) ?? [];
  return (
    <div className="verify">
      <button
        className="small"
        onClick={() => void verify()}
        disabled={isAsking}
        title="Decodes the file and measures what it presents"
        data-testid="clip-verify"
      >
        {isAsking ? 'Verifying…' : 'Verify the file'}
      </button>
      {found && (
        <p
          className={found.ok ? 'good-text' : 'bad-text'}
          data-testid="clip-verified"
          data-ok={found.ok}
        >
          {found.ok
            ? `The file keeps its contract: ${found.checks.length} checks.`
            : `${failed.length} of ${found.checks.length} checks failed.`}
        </p>
      )}
      {failed.length > 0 && (
        <ul>
          {failed.map((check) => (
            <li key={check.name}>
              <b>{check.name}</b>: {String(check.measured)} instead of {String(check.expected)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
