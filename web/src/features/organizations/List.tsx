import { Group, Modal } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { createTenant, type TenantList, tenantsQuery } from "../../api/settings.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { NotFound } from "../../ui/PageFailed.tsx";
import { SearchField } from "../../ui/SearchField.tsx";

/** All organizations of a provider (MSP). */
export function OrganizationList() {
  const { session } = useOrg();
  if (!session.admin.provider) return <NotFound />;
  return <Tenants provider={session.admin.provider} />;
}

type Tenant = TenantList["results"][number];

function Tenants({ provider }: { provider: string }) {
  const { session, org } = useOrg();
  const tenants = useQuery(tenantsQuery(provider));
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const nameOf = (one: Tenant) => one.displayName ?? one.name ?? one.id;
  const slugOf = (one: Tenant) => one.slug ?? session.organizations.find((known) => known.id === one.id)?.slug;
  const needle = search.trim().toLowerCase();
  return (
    <Page
      title="Organizations"
      count={tenants.data?.totalCount}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          Create organization
        </Button>
      }
    >
      <div className="tools">
        <SearchField label="Search organizations" value={search} onChange={setSearch} />
      </div>
      <Failure error={tenants.error} retry={() => void tenants.refetch()} />
      <DataTable<Tenant>
        label="Organizations"
        expected={3}
        rows={tenants.data?.results.filter((one) => nameOf(one).toLowerCase().includes(needle))}
        id={(one) => one.id}
        empty="No organization matches."
        columns={[
          {
            key: "name",
            label: "Organization",
            kind: "lead",
            render: (one) => (
              <span style={{ display: "inline-flex", alignItems: "center", gap: 10 }}>
                <Logo url={one.logoUrl} name={nameOf(one)} size={28} />
                <span className="cut" style={{ fontWeight: 500 }}>
                  {nameOf(one)}
                </span>
              </span>
            ),
          },
          { key: "slug", label: "Address", render: (one) => <span className="m-mono">{slugOf(one) ?? ""}</span> },
          { key: "id", label: "Organization ID", kind: "tight", render: (one) => <CopyId id={one.id} /> },
          {
            key: "open",
            label: "Open",
            kind: "tail",
            render: (one) => {
              const slug = slugOf(one);
              if (one.id === org.id) return <span className="section__help">Open now</span>;
              return (
                slug && (
                  <Link to="/console/$slug" params={{ slug }} aria-label={`Open ${nameOf(one)}`}>
                    Open
                  </Link>
                )
              );
            },
          },
        ]}
      />
      <CreateOrganization provider={provider} opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

interface CreateOrganizationProps {
  provider: string;
  opened: boolean;
  onClose: () => void;
}

function CreateOrganization({ provider, opened, onClose }: CreateOrganizationProps) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  const close = () => {
    setName("");
    setProblem(undefined);
    create.reset();
    onClose();
  };
  const create = useMutation({
    mutationFn: () => createTenant(provider, name.trim()),
    onSuccess: async () => {
      const made = name.trim();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["provider", provider] }),
        client.invalidateQueries({ queryKey: ["session"] }),
      ]);
      done(`Organization ${made} created.`);
      close();
    },
  });
  return (
    <Modal opened={opened} onClose={close} title="Create organization">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setProblem(name.trim() === "" ? "Enter a name." : undefined);
          if (name.trim() !== "") create.mutate();
        }}
      >
        <Failure error={create.error} known={["name"]} />
        <TextInput
          className="m-required"
          label="Organization Name"
          description="Its address is made from the name and never changes; the name can."
          data-autofocus
          autoComplete="off"
          maxLength={255}
          value={name}
          error={problem ?? fieldError(create.error, "name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
