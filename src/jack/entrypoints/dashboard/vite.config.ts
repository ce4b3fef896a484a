import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const jack = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // no inlined files: the page runs under a content policy that allows this host and nothing else
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npm run dev` beside a running `jack serve`
  server: { proxy: { "/api": jack, "/schema": jack } },
});
