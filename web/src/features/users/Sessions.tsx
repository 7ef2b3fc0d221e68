import { Group, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import type { SignInSession, User } from "../../api/types.ts";
import { endSession, endSessions, revokeConsent, userConsentsQuery, userSessionsQuery } from "../../api/users.ts";
import { ConsentTable } from "../../ui/ConsentTable.tsx";
import { Button } from "../../ui/controls.tsx";
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
      <UserConsents user={user} />
    </div>
  );
}

/** What the person allowed applications of others: shown where there is something. */
function UserConsents({ user }: { user: User }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const consents = useQuery(userConsentsQuery(api, user._id));
  const revoke = useMutation({
    mutationFn: (id: string) => revokeConsent(api, user._id, id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: userConsentsQuery(api, user._id).queryKey });
      done("It is taken back.");
    },
    onError: failed,
  });
  if (!consents.error && (consents.data?.length ?? 0) === 0) return null;
  return (
    <>
      <Title order={2} mt={28} mb={12}>
        Allowed applications
      </Title>
      <Failure error={consents.error} retry={() => void consents.refetch()} />
      <ConsentTable
        consents={consents.data}
        person={userName(user)}
        onRevoke={(consent) => revoke.mutate(consent.id)}
        empty="Nothing was allowed."
      />
    </>
  );
}
