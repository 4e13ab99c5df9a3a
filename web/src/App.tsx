import { useSyncExternalStore } from 'react';
import { logout } from './api/client';
import { currentSession, onSessionChange } from './api/session';
import { ClipsPage } from './pages/ClipsPage';
import { JobPage } from './pages/JobPage';
import { JobsPage } from './pages/JobsPage';
import { SharePage } from './pages/SharePage';
import { SignInPage } from './pages/SignInPage';
import { StreamPage } from './pages/StreamPage';
import { StreamsPage } from './pages/StreamsPage';
import { Logo } from './parts/Logo';
import { Toasts } from './parts/Toasts';
import { useRoute, type Route } from './router';

export function App() {
  const session = useSyncExternalStore(onSessionChange, currentSession);
  const route = useRoute();
  if (route.page === 'share') {
    return <SharePage key={`${route.id}?${route.query}`} id={route.id} query={route.query} />;
  }
  return (
    <Toasts>
      {session ? (
        <>
          <Header page={route.page} email={session.email} />
          <main id="main">
            <Page route={route} />
          </main>
        </>
      ) : (
        <SignInPage />
      )}
    </Toasts>
  );
}

type OwnRoute = Exclude<Route, { page: 'share' }>;

function Page({ route }: { route: OwnRoute }) {
  switch (route.page) {
    case 'streams':
      return <StreamsPage />;
    case 'stream':
      return <StreamPage key={route.id} id={route.id} />;
    case 'jobs':
      return <JobsPage />;
    case 'job':
      return <JobPage key={route.id} id={route.id} />;
    case 'clips':
      return <ClipsPage query={route.query} />;
  }
}

function Header({ page, email }: { page: OwnRoute['page']; email: string }) {
  const part = page === 'clips' ? 'clips' : page === 'jobs' || page === 'job' ? 'jobs' : 'streams';
  const current = (of: string) => (part === of ? 'page' : undefined);
  const signOut = () => {
    // The session here is over whatever the server says.
    logout().catch(() => undefined);
  };
  return (
    <header className="top">
      <a className="brand" href="#/streams" aria-label="Halcyon, to the streams">
        <Logo />
        <span>Halcyon</span>
      </a>
      <nav aria-label="Pages">
        <a href="#/streams" aria-current={current('streams')}>
          Streams
        </a>
        <a href="#/jobs" aria-current={current('jobs')} data-testid="nav-jobs">
          Jobs
        </a>
        <a href="#/clips" aria-current={current('clips')} data-testid="nav-clips">
          Clips
        </a>
      </nav>
      <span className="who">{email}</span>
      <button className="quiet" onClick={signOut} data-testid="sign-out">
        Sign out
      </button>
    </header>
  );
}
