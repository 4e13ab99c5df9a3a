import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the server: a running node, or `npm run mock`. */
const backend = process.env.HALCYON_BACKEND ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'target/classes/webroot', emptyOutDir: true, assetsInlineLimit: 0 },
  server: { proxy: { '/api': backend, '/live': backend, '/ws': { target: backend, ws: true } } },
});
