import { FileButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { discover } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { Discovery } from "../../api/types.ts";
import { Button, TextInput } from "../../ui/controls.tsx";
import { Textarea } from "../../ui/fields/frequent.tsx";
import { Failure, Note } from "../../ui/Note.tsx";

interface Props {
  /** The id whose addresses are shown already. */
  id: string | undefined;
  onRead: (found: Discovery) => void;
}

/** Reads the provider's metadata: from its address, a file, or what is pasted. */
export function SamlMetadata({ id, onRead }: Props) {
  const { api } = useOrg();
  const [text, setText] = useState("");
  const read = useMutation({
    mutationFn: (from: string) => {
      const isUrl = /^https?:\/\//.test(from);
      return discover(api, {
        type: "SAML",
        url: isUrl ? from : "",
        ...(isUrl ? {} : { metadata: from }),
        ...(id ? { id } : {}),
      });
    },
    onSuccess: (found) => {
      if (found.saml) onRead(found);
    },
  });
  const [url, setUrl] = useState("");
  const name = read.data?.saml?.entityId;
  return (
    <div className="fields">
      <TextInput
        label="Metadata URL"
        description="The provider publishes its metadata there."
        placeholder="https://idp.example.com/metadata"
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        rightSectionWidth={70}
        rightSection={
          <Button
            size="compact-xs"
            variant="default"
            disabled={url.trim() === ""}
            onClick={() => read.mutate(url.trim())}
          >
            Read
          </Button>
        }
      />
      <div style={{ alignSelf: "end" }}>
        <FileButton
          accept=".xml,application/xml,text/xml"
          onChange={(file) => void file?.text().then((xml) => read.mutate(xml))}
        >
          {(props) => (
            <Button {...props} variant="default" loading={read.isPending}>
              Upload Metadata
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        className="span2"
        label="Or paste the metadata"
        placeholder="<md:EntityDescriptor …"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          const pasted = event.currentTarget.value;
          setText(pasted);
          if (/<\/([a-z0-9]+:)?Entit(y|ies)Descriptor>\s*$/i.test(pasted)) read.mutate(pasted);
        }}
      />
      <div className="span2" aria-live="polite">
        <Failure error={read.error} />
        {name && <Note tone="ok">Read. The provider is {name}; the fields below are filled in.</Note>}
        {read.data?.problems.map((problem) => (
          <Note key={problem} tone="warn">
            {problem}
          </Note>
        ))}
      </div>
    </div>
  );
}
