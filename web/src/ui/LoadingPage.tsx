import { Skeleton } from "@mantine/core";
import type { LinkProps } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { Failure } from "./Note.tsx";
import { Page } from "./Page.tsx";
import { NotFound } from "./PageFailed.tsx";

export interface Back {
  label: string;
  to: LinkProps["to"];
  params?: object;
}

/** The page of an object that is on its way, cannot be read, or is not there. */
export function LoadingPage({ back, error, retry }: { back: Back; error: unknown; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Page title="" back={back}>
      {error ? <Failure error={error} retry={retry} /> : <Skeleton height={420} mt={24} aria-busy="true" />}
    </Page>
  );
}
