import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { adoptSessionFromFragment } from './api/session';
import { App } from './App';
import './style/base.css';
import './style/controls.css';
import './style/shell.css';
import './style/stream.css';
import './style/clips.css';
import './style/jobs.css';

adoptSessionFromFragment();
window.addEventListener('hashchange', adoptSessionFromFragment);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
