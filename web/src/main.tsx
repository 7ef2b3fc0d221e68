import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { mayRetry } from "./api/client.ts";
import { makeRouter } from "./router.tsx";
import "./theme/global.css";
import { cssVariables, theme } from "./theme/theme.ts";
import { ConfirmProvider } from "./ui/Confirm.tsx";
import { Toasts } from "./ui/Toasts.tsx";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The browser's word on being online is about other networks: the server is asked all the same, and nothing waits in silence.
      networkMode: "always",
      staleTime: 10_000,
      retry: (count, error) => count < 2 && mayRetry(error),
    },
    mutations: { networkMode: "always" },
  },
});

const router = makeRouter(queryClient);
const colorScheme = localStorageColorSchemeManager({ key: "muster-color-scheme" });
const root = document.getElementById("root");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <ConfirmProvider>
            <RouterProvider router={router} />
          </ConfirmProvider>
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
