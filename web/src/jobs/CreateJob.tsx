import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { useToast } from '../parts/Toasts';
import { jobHref } from '../router';

const ASPECTS = ['9:16', '1:1', '16:9', 'source'];

/** Names a video, by its address or by the key of an upload, and what is to be made of it. */
export function CreateJob() {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);

  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const source = String(form.get('source')).trim();
    const isAddress = /^https?:\/\//i.test(source);
    setBusy(true);
    try {
      const { id } = await api.createJob({
        mode: 'vod',
        ...(isAddress ? { source_url: source } : { source_file_key: source }),
        settings: {
          max_clips: Number(form.get('clips')),
          aspect_ratio: String(form.get('aspect')),
          auto_approve: form.get('review') === null,
        },
      });
      location.hash = jobHref(id);
    } catch (error) {
      toast.failure(error);
      setBusy(false);
    }
  };

  return (
    <form className="card job-form" onSubmit={create}>
      <label className="grow">
        <span className="muted small-text">Video</span>
        <input
          name="source"
          required
          maxLength={2000}
          placeholder="https://… or the key of an upload"
          data-testid="job-source"
        />
      </label>
      <label>
        <span className="muted small-text">Clips at most</span>
        <input name="clips" type="number" min={1} max={50} defaultValue={5} />
      </label>
      <label>
        <span className="muted small-text">Shape</span>
        <select name="aspect" defaultValue="9:16">
          {ASPECTS.map((aspect) => (
            <option key={aspect}>{aspect}</option>
          ))}
        </select>
      </label>
      <label className="row job-review">
        <input name="review" type="checkbox" />
        <span>Ask me before rendering</span>
      </label>
      <button className="primary" disabled={isBusy} data-testid="job-create">
        Make clips
      </button>
    </form>
  );
}
