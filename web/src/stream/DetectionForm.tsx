import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { DetectionSettings } from '../api/types';
import { useToast } from '../parts/Toasts';

interface Props {
  streamId: string;
  detection: DetectionSettings;
  onSaved: () => void;
}

type NumberKey = Exclude<keyof DetectionSettings, 'enabled'>;

/** Limits as the server has them, so that a mistake shows at once. */
const FIELDS: { key: NumberKey; label: string; unit: string; max: number; hint: string }[] = [
  { key: 'pre_roll_s', label: 'Pre-roll', unit: 's', max: 600, hint: 'Kept before the first signal' },
  { key: 'post_roll_s', label: 'Post-roll', unit: 's', max: 600, hint: 'Kept after the last signal' },
  { key: 'merge_window_s', label: 'Merge', unit: 's', max: 600, hint: 'Signals closer than this become one clip' },
  { key: 'cooldown_s', label: 'Cool-down', unit: 's', max: 3600, hint: 'Rest after a clip before the next' },
  { key: 'min_signals', label: 'Min signals', unit: '', max: 100, hint: 'Fewest signals for a clip' },
];

/** What makes a highlight of signals. Takes effect while the stream runs. */
export function DetectionForm(props: Props) {
  // A change made elsewhere shows here as a new form.
  return <Form key={JSON.stringify(props.detection)} {...props} />;
}

function Form({ streamId, detection, onSaved }: Props) {
  const toast = useToast();
  const [values, setValues] = useState(detection);
  const [isBusy, setBusy] = useState(false);
  const isChanged = JSON.stringify(values) !== JSON.stringify(detection);
  const set = (change: Partial<DetectionSettings>) => setValues({ ...values, ...change });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.saveDetection(streamId, values);
      toast.success('Detection settings saved.');
      onSaved();
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };

  return (
    <form className="card stack" aria-label="Detection" onSubmit={save} data-testid="detection-form">
      <div className="row spread">
        <h2>Detection</h2>
        <label className="switch">
          <input
            type="checkbox"
            role="switch"
            checked={values.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
            data-testid="detection-enabled"
          />
          <span>{values.enabled ? 'On' : 'Off'}</span>
        </label>
      </div>
      <label title="Score from which signals become a clip; lower finds more">
        <span className="row spread">
          Threshold <output className="figures">{values.threshold.toFixed(2)}</output>
        </span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={values.threshold}
          onChange={(event) => set({ threshold: Number(event.target.value) })}
          data-testid="detection-threshold"
        />
      </label>
      <div className="fields">
        {FIELDS.map(({ key, label, unit, max, hint }) => (
          <label key={key} title={hint}>
            <span>
              {label}
              {unit && <span className="muted">, {unit}</span>}
            </span>
            <input
              type="number"
              required
              min={key === 'min_signals' ? 1 : 0}
              max={max}
              step={key === 'min_signals' ? 1 : 'any'}
              value={Number.isNaN(values[key]) ? '' : values[key]}
              onChange={(event) => set({ [key]: event.target.valueAsNumber })}
              data-testid={`detection-${key.replace(/_s$/, '').replace(/_/g, '-')}`}
            />
          </label>
        ))}
      </div>
      <div className="row end">
        {isChanged && (
          <button type="button" onClick={() => setValues(detection)}>
            Undo
          </button>
        )}
        <button className="primary" disabled={!isChanged || isBusy} data-testid="detection-save">
          Save
        </button>
      </div>
    </form>
  );
}
