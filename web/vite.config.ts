import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./compressed.ts";

// `npm run dev` talks to the running server that MUSTER_SERVER names (`make dev` starts both).
const server = process.env.MUSTER_SERVER ?? "http://127.0.0.1:8080";
const served = "^/(api|login|logout|o|oauth|oauth2|activate|reset|setup|logos|_dev)(/|\\?|$)";

export default defineConfig({
  plugins: [react(), compressed()],
  server: {
    port: 5173,
    proxy: { [served]: { target: server, changeOrigin: false } },
  },
  preview: {
    port: 4173,
    // As the server sends it, so that `npm run preview` finds what it would refuse.
    headers: {
      "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    },
  },
  build: {
    target: "es2022",
    // A data: font or script would be refused by the server's content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules/, minShareCount: 12, priority: 1 },
            { name: "shared", test: /src\/(ui\/(?!fields)|api\/|theme\/)/, minShareCount: 4 },
          ],
        },
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
