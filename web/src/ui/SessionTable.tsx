import type { SignInSession } from "../api/types.ts";
import { Button } from "./controls.tsx";
import { DataTable } from "./DataTable.tsx";
import { Status } from "./Status.tsx";
import { Ago } from "./time.tsx";

const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Firefox on Linux" from a user agent; whatever it says when it is neither. */
export function deviceName(agent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? (agent || "Unknown device");
}

const methods: Record<string, string> = {
  password: "Password",
  federated: "Identity provider",
  oidc: "Identity provider",
};

export function signedInWith(session: SignInSession): string {
  const provider = session.identityProvider;
  if (provider) return typeof provider === "string" ? provider : provider.name;
  return methods[session.authMethod] ?? session.authMethod;
}

interface SessionTableProps {
  sessions: SignInSession[] | undefined;
  onEnd: (session: SignInSession) => void;
  empty: string;
}

export function SessionTable({ sessions, onEnd, empty }: SessionTableProps) {
  return (
    <DataTable<SignInSession>
      label="Sessions"
      expected={2}
      rows={sessions}
      id={(session) => session.id}
      empty={empty}
      columns={[
        {
          key: "device",
          label: "Device",
          kind: "lead",
          render: (session) => (
            <span title={session.userAgent}>
              {deviceName(session.userAgent)} {session.current && <Status tone="ok">This one</Status>}
              <span className="table__sub">{session.clientIp}</span>
            </span>
          ),
        },
        { key: "with", label: "Signed in with", render: signedInWith },
        { key: "created", label: "Since", kind: "tight", render: (session) => <Ago at={session.createdAt} /> },
        { key: "seen", label: "Last seen", kind: "tight", render: (session) => <Ago at={session.lastSeenAt} /> },
        {
          key: "actions",
          label: "Actions",
          kind: "tail",
          render: (session) =>
            !session.current && (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`End the session on ${deviceName(session.userAgent)}`}
                onClick={() => onEnd(session)}
              >
                End
              </Button>
            ),
        },
      ]}
    />
  );
}
