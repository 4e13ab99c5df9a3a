import { useState, type FormEvent } from 'react';
import { login, register } from '../api/client';
import { Logo } from '../parts/Logo';
import { useToast } from '../parts/Toasts';
import { useTitle } from '../parts/useTitle';

export function SignInPage() {
  const toast = useToast();
  useTitle('Sign in');
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email')).trim();
    const password = String(form.get('password'));
    setBusy(true);
    try {
      if (isNew) await register(email, password, String(form.get('name')).trim());
      await login(email, password);
    } catch (error) {
      toast.failure(error);
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <Logo />
        <h1>Halcyon</h1>
        <p>Live streams in, ready-to-post clips out.</p>
      </div>
      <form className="card stack" onSubmit={submit}>
        <h2>{isNew ? 'Create your account' : 'Sign in'}</h2>
        {isNew && (
          <label>
            Name
            <input name="name" required maxLength={100} autoComplete="name" data-testid="register-name" />
          </label>
        )}
        <label>
          Email
          <input
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="username"
            data-testid="login-email"
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            required
            minLength={isNew ? 8 : 1}
            maxLength={200}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            data-testid="login-password"
          />
        </label>
        <button className="primary" disabled={isBusy} data-testid="login-submit">
          {isNew ? 'Create account' : 'Sign in'}
        </button>
        <button
          type="button"
          className="link"
          onClick={() => setNew(!isNew)}
          data-testid="register-toggle"
        >
          {isNew ? 'I have an account' : 'New here? Create an account'}
        </button>
      </form>
      <p className="fine">This page talks to this server and to nothing else.</p>
    </main>
  );
}
