import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  title: string;
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** A modal question before something that cannot be undone. Escape cancels. */
export function Confirm({ title, action, onConfirm, onCancel, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onCancel} aria-labelledby="confirm-title">
      <h2 id="confirm-title">{title}</h2>
      <p>{children}</p>
      <form method="dialog" className="row end">
        <button autoFocus data-testid="confirm-cancel">
          Cancel
        </button>
        <button
          className="danger"
          data-testid="confirm-ok"
          onClick={(event) => {
            event.preventDefault();
            onConfirm();
          }}
        >
          {action}
        </button>
      </form>
    </dialog>
  );
}
