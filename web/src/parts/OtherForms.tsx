import { useState } from 'react';
import { ApiError } from '../api/client';
import { CLIP_FORMS, prepared, type ClipForm } from '../api/forms';

interface Props {
  /** Signed: the form is added to its query. */
  downloadUrl: string;
}

/** The clip in other forms: each is prepared when it is asked for, then it can be saved. */
export function OtherForms({ downloadUrl }: Props) {
  return (
    <details className="fold" data-testid="clip-forms">
      <summary>
        <span>Other formats</span>
      </summary>
      <ul className="forms">
        {CLIP_FORMS.map((form) => (
          <Form key={form.query} form={form} url={`${downloadUrl}&${form.query}`} />
        ))}
      </ul>
    </details>
  );
}

type State = 'idle' | 'preparing' | 'ready' | 'failed';

function Form({ form, url }: { form: ClipForm; url: string }) {
  const [state, setState] = useState<State>('idle');
  const [reason, setReason] = useState('');

  const prepare = async () => {
    setState('preparing');
    try {
      await prepared(url);
      setState('ready');
    } catch (error) {
      setReason(error instanceof ApiError ? error.message : 'It could not be made.');
      setState('failed');
    }
  };

  return (
    <li data-testid="clip-form" data-form={form.query} data-state={state}>
      {state === 'ready' ? (
        <a className="button small" href={url} download title={form.title}>
          Save {form.name}
        </a>
      ) : (
        <button
          className="small"
          onClick={() => void prepare()}
          disabled={state === 'preparing'}
          title={form.title}
        >
          {state === 'preparing' ? `Preparing ${form.name}…` : form.name}
        </button>
      )}
      {state === 'failed' && <span className="bad-text">{reason}</span>}
    </li>
  );
}
