import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { attributesQuery } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { ApplicationAttribute, NameValue } from "../../api/types.ts";
import { Checkbox, TextInput } from "../../ui/controls.tsx";
import { Section } from "../../ui/Page.tsx";
import { PairRows } from "../../ui/PairRows.tsx";

/** Custom attributes by their bare names, as they stand on the person, unless a fixed one has that name. */
export function mappingChoices(attributes: ApplicationAttribute[]) {
  const fixed = new Set(attributes.filter((one) => !one.custom).map((one) => one.name));
  return attributes.map(({ name, label, custom }) =>
    custom && !fixed.has(label) ? { value: label, label: "Custom attribute" } : { value: name, label },
  );
}

/** What may be chosen as a Muster Attribute Name. */
export function useMappingChoices() {
  const { api } = useOrg();
  return mappingChoices(useQuery(attributesQuery(api)).data?.attributes ?? []);
}

interface Groups {
  groups: boolean;
  groupsClaim: string;
}

interface AttributeMappingProps {
  help: string;
  title: string;
  user: NameValue[];
  onUser: (rows: NameValue[]) => void;
  userError: string | undefined;
  constant: NameValue[];
  onConstant: (rows: NameValue[]) => void;
  constantError: string | undefined;
  groups: Groups;
  onGroups: (patch: Partial<Groups>) => void;
  groupsError: string | undefined;
  /** What else can be said of the group attribute. */
  children?: ReactNode;
}

/** What an application learns about a person, whichever way they sign in. */
export function AttributeMapping({ help, title, groups, children, ...props }: AttributeMappingProps) {
  const choices = useMappingChoices();
  return (
    <Section wide title="Attribute Mapping" help={help}>
      <div className="section__body">
        <h3 className="caps">{title}</h3>
        <p className="section__help" style={{ marginBottom: 10 }}>
          The name that the application expects, and the attribute of the person that it gets. Custom attributes count,
          written exactly as on the person.
        </p>
        <PairRows
          label="mapping"
          nameLabel="Service Provider Attribute Name"
          valueLabel="Muster Attribute Name"
          addLabel="Add Attribute"
          choices={choices}
          rows={props.user}
          onChange={props.onUser}
          errorAt={(index) => (index === 0 ? props.userError : undefined)}
        />
        <Title order={3} className="block">
          Constant Attributes
        </Title>
        <p className="section__help" style={{ marginBottom: 10 }}>
          The same value for everybody.
        </p>
        <PairRows
          label="constant"
          nameLabel="Constant Attribute Name"
          valueLabel="Constant Value"
          addLabel="Add Constant"
          rows={props.constant}
          onChange={props.onConstant}
          errorAt={(index) => (index === 0 ? props.constantError : undefined)}
        />
        <Title order={3} className="block" mb={10}>
          Group attributes
        </Title>
        <Checkbox
          label="Include group attribute"
          description="The names of the person's groups that are bound to this application."
          checked={groups.groups}
          onChange={(event) => props.onGroups({ groups: event.currentTarget.checked })}
        />
        {groups.groups && (
          <div className="fields" style={{ marginTop: 14 }}>
            <TextInput
              label="Groups Attribute Name"
              value={groups.groupsClaim}
              error={props.groupsError}
              onChange={(event) => props.onGroups({ groupsClaim: event.currentTarget.value })}
            />
            {children}
          </div>
        )}
      </div>
    </Section>
  );
}
