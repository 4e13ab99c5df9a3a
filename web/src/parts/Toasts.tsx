import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { ApiError } from '../api/client';

interface Toast {
  id: number;
  tone: 'good' | 'bad';
  title: string;
  message: string;
}

export interface ToastSender {
  success(message: string): void;
  /** Shows an error's code and message. */
  failure(error: unknown): void;
}

const ToastContext = createContext<ToastSender | null>(null);
const SHOWN_MS = 6_000;
const MAX_SHOWN = 4;
let nextId = 1;

export function useToast(): ToastSender {
  const sender = useContext(ToastContext);
  if (!sender) throw new Error('no Toasts around this component');
  return sender;
}

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const dismiss = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  );
  const show = useCallback(
    (toast: Omit<Toast, 'id'>) => {
      const id = nextId++;
      setToasts((shown) => [...shown.slice(1 - MAX_SHOWN), { ...toast, id }]);
      setTimeout(() => dismiss(id), SHOWN_MS);
    },
    [dismiss],
  );
  const sender = useMemo<ToastSender>(
    () => ({
      success: (message) => show({ tone: 'good', title: '', message }),
      failure: (error) => show({ tone: 'bad', ...described(error) }),
    }),
    [show],
  );
  return (
    <ToastContext.Provider value={sender}>
      {children}
      <div className="toasts" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast ${toast.tone}`} data-testid="toast">
            <div>
              {toast.title && <strong data-testid="toast-code">{toast.title}</strong>}
              <span data-testid="toast-message">{toast.message}</span>
            </div>
            <button className="quiet" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
              ×
            </button>
          </div>
        ))}
      </div>
    </ToastContext.Provider>
  );
}

function described(error: unknown): { title: string; message: string } {
  if (error instanceof ApiError) return { title: error.code, message: error.message };
  return { title: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}
