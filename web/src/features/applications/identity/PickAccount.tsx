import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useOrg } from "../../../api/org.tsx";
import { IMPORT_PER_PAGE, importUsersQuery } from "../../../api/provision.ts";
import type { Application, ImportUser } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Failure } from "../../../ui/Note.tsx";
import { Pager } from "../../../ui/Pager.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import { Status } from "../../../ui/Status.tsx";
import { holderOf, importName } from "./importWords.ts";
import { ReadingProgress } from "./ReadingProgress.tsx";
import { useReading } from "./useReading.ts";

/** Somebody here who is to have an account there. */
export interface Whom {
  id: string;
  name: string;
}

interface PickAccountProps {
  application: Application;
  /** Nobody: it is closed. */
  whom: Whom | null;
  busy: boolean;
  onPick: (account: ImportUser) => void;
  onClose: () => void;
}

/** Finds among the application's accounts the one that is a person's already, whatever its user name. */
export function PickAccount({ whom, onClose, ...rest }: PickAccountProps) {
  const [last, setLast] = useState(whom);
  if (whom && whom !== last) setLast(whom);
  return (
    <Modal
      opened={whom !== null}
      onClose={onClose}
      title={last ? `Which account is ${last.name}'s?` : ""}
      size={760}
      // Above the plan, or the drawer.
      zIndex={300}
    >
      {last && <Accounts key={last.id} whom={last} {...rest} />}
    </Modal>
  );
}

function Accounts({ application, whom, busy, onPick }: Omit<PickAccountProps, "whom" | "onClose"> & { whom: Whom }) {
  const { api } = useOrg();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  // The target is read once for all searches.
  const list = useRef<string | undefined>(undefined);
  const { reading, read, cancel } = useReading(application._id);
  const accounts = useQuery(importUsersQuery(api, application._id, { search, page, list: list.current }, read));
  list.current = accounts.data?.session_id ?? list.current;
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPage(0);
  }, []);
  return (
    <>
      <p className="section__help" style={{ marginTop: 0 }}>
        The accounts that {application.displayLabel} has. The one you choose is taken over instead of making another:
        from then on {whom.name}'s attributes are sent to it, over what it has there.
      </p>
      <div className="tools">
        {reading ? (
          <ReadingProgress reading={reading} onCancel={cancel} />
        ) : (
          <SearchField label="Search by name or e-mail" value={search} onChange={onSearch} delay_ms={250} />
        )}
      </div>
      <Failure error={accounts.error} retry={() => void accounts.refetch()} />
      {!accounts.error && (
        <DataTable<ImportUser>
          label={`Accounts of ${application.displayLabel}`}
          expected={4}
          rows={accounts.data?.users}
          id={(one) => one.id}
          empty={search ? "No account matches." : "The application has no accounts."}
          columns={[
            {
              key: "name",
              label: "Account",
              kind: "lead",
              render: (one) => (
                <span className="identity__lines">
                  {importName(one)}
                  <span className="table__sub">
                    {[one.username, one.email].filter((text, at, all) => text && all.indexOf(text) === at).join(" · ")}
                  </span>
                </span>
              ),
            },
            {
              key: "there",
              label: "There",
              kind: "tight",
              render: (one) => <Status tone={one.active ? "ok" : "muted"}>{one.active ? "Active" : "Inactive"}</Status>,
            },
            { key: "holder", label: "Whose it is", render: (one) => holderOf(one, whom.id).words },
            {
              key: "pick",
              label: "Choose",
              kind: "tail",
              render: (one) => (
                <Button
                  size="xs"
                  variant="default"
                  disabled={busy || holderOf(one, whom.id).taken}
                  aria-label={`Take over ${one.username || importName(one)}`}
                  onClick={() => onPick(one)}
                >
                  Take over
                </Button>
              ),
            },
          ]}
        />
      )}
      <Pager page={page} size={IMPORT_PER_PAGE} total={accounts.data?.total_count} onPage={setPage} />
    </>
  );
}
