import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { mockApi } from "./dev/mockApi.ts";

// `npm run dev` talks to a running server when MUSTER_SERVER names one (make dev), else to the mock in dev/.
const server = process.env.MUSTER_SERVER;
const served = "^/(api|login|logout|o|oauth|oauth2|activate|reset|setup|logos|_dev)(/|\\?|$)";

export default defineConfig({
  plugins: [react(), ...(server ? [] : [mockApi()])],
  server: {
    port: 5173,
    proxy: server ? { [served]: { target: server, changeOrigin: false } } : undefined,
  },
  build: {
    target: "es2022",
    // A data: font or script would be refused by the server's content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
