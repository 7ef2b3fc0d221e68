import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import type { SignInSession, User } from "../../api/types.ts";
import { endSession, endSessions, userSessionsQuery } from "../../api/users.ts";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { SessionTable } from "../../ui/SessionTable.tsx";
import { userName } from "./status.tsx";

export function UserSessions({ user }: { user: User }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const sessions = useQuery(userSessionsQuery(api, user._id));
  const end = useMutation({
    mutationFn: (session: SignInSession | null) =>
      session ? endSession(api, user._id, session.id) : endSessions(api, user._id),
    onSuccess: (_, session) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "user", user._id, "sessions"] });
      done(session ? "The session has ended." : `All sessions of ${userName(user)} have ended.`);
    },
    onError: failed,
  });
  const several = (sessions.data?.length ?? 0) > 1;
  return (
    <div className="tab-body">
      <Failure error={sessions.error} retry={() => void sessions.refetch()} />
      <SessionTable sessions={sessions.data} onEnd={(session) => end.mutate(session)} empty="Signed in nowhere." />
      {several && (
        <Group justify="flex-end" mt={12}>
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
            End all sessions
          </Button>
        </Group>
      )}
    </div>
  );
}
