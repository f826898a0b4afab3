import { defineConfig } from 'vite'

// Names are fixed, since the pages name them; addresses are relative, since a site may lie
// below any path. What the entry does not need at once lies in chunks beside it.
export default defineConfig({
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: false, // database.js has emptied it
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 600, // charts and editor, each loaded when it is wanted
    rollupOptions: {
      input: 'src/site.ts',
      output: {
        entryFileNames: 'site.js',
        chunkFileNames: 'chunks/[name].js',
        assetFileNames: (asset) => (asset.names?.some((n) => n.endsWith('.css')) ? 'web.css' : 'chunks/[name][extname]'),
      },
    },
  },
})
