import { Title } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { Button } from "./controls.tsx";
import { Failure } from "./Note.tsx";

/** A page that could not be made. While the browser is on its way to sign in, nothing is shown. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiError && error.status === 401) return null;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className="page">
      <Title order={1} mb="md">
        This page could not be shown
      </Title>
      <Failure error={error} retry={retry} />
    </main>
  );
}

export function NotFound() {
  return (
    <div className="page">
      <Title order={1} mb="xs">
        Not found
      </Title>
      <p>Nothing is at this address. It may have been deleted, or it belongs to another organization.</p>
      <Button reads variant="default" onClick={() => window.history.back()}>
        Go back
      </Button>
    </div>
  );
}
