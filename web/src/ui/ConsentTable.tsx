import type { UserConsent } from "../api/types.ts";
import { useConfirm } from "./Confirm.tsx";
import { Button } from "./controls.tsx";
import { DataTable } from "./DataTable.tsx";
import { Logo } from "./Logo.tsx";
import { Ago } from "./time.tsx";

const sentences: Record<string, string> = {
  openid: "who you are",
  profile: "name and user name",
  email: "e-mail address",
  phone: "phone number",
  address: "postal address",
  groups: "groups",
  offline_access: "acting for you while you are away",
};

/** "e-mail address, department, https://api.example/" */
export function allowedWords(consent: UserConsent): string {
  const scopes = consent.scopes.map((scope) => sentences[scope] ?? scope);
  return [...scopes, ...consent.claims, ...consent.resources].join(", ");
}

interface ConsentTableProps {
  consents: UserConsent[] | undefined;
  /** Whose they are, for the question: "you" or a name. */
  person: string;
  onRevoke: (consent: UserConsent) => void;
  empty: string;
}

/** What was allowed to applications of others; taking it back is asked about first. */
export function ConsentTable({ consents, person, onRevoke, empty }: ConsentTableProps) {
  const confirm = useConfirm();
  const revoke = async (consent: UserConsent) => {
    const label = consent.application.displayLabel;
    const body = `${label} can no longer act for ${person}, and what it was given so far stops working. It asks again at the next sign-in.`;
    if (await confirm({ title: `Take back what ${label} was allowed?`, body, confirm: "Take back", danger: true })) {
      onRevoke(consent);
    }
  };
  return (
    <DataTable<UserConsent>
      label="Allowed applications"
      expected={1}
      rows={consents}
      id={(consent) => consent.id}
      empty={empty}
      columns={[
        {
          key: "application",
          label: "Application",
          kind: "lead",
          render: ({ application }) => (
            <span style={{ display: "inline-flex", alignItems: "center", gap: 10 }}>
              <Logo url={application.logoUrl} name={application.displayLabel} size={24} />
              {application.displayLabel}
            </span>
          ),
        },
        { key: "allowed", label: "May see and do", render: allowedWords },
        { key: "since", label: "Since", kind: "tight", render: (consent) => <Ago at={consent.createdAt} /> },
        {
          key: "actions",
          label: "Actions",
          kind: "tail",
          render: (consent) => (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={`Take back what ${consent.application.displayLabel} was allowed`}
              onClick={() => void revoke(consent)}
            >
              Take back
            </Button>
          ),
        },
      ]}
    />
  );
}
