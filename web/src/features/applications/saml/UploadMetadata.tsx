import { FileButton, Group, Modal } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { importSamlMetadata, samlQuery } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import type { Application } from "../../../api/types.ts";
import { Button, TextInput } from "../../../ui/controls.tsx";
import { Textarea } from "../../../ui/fields/frequent.tsx";
import { Failure, fieldError } from "../../../ui/Note.tsx";
import { done } from "../../../ui/notify.ts";

interface UploadMetadataProps {
  application: Application;
  /** While there are edits: what the metadata says would be lost among them. */
  disabled: boolean;
}

/** Fills in what the service provider's metadata says: from a file, by paste, or from its address. */
export function UploadMetadata({ application, disabled }: UploadMetadataProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const [url, setUrl] = useState("");
  const take = useMutation({
    mutationFn: () => importSamlMetadata(api, application._id, text.trim() ? { metadata: text } : { url: url.trim() }),
    onSuccess: async (saml) => {
      client.setQueryData([...samlQuery(api, application._id).queryKey], () => saml);
      setOpened(false);
      setText("");
      setUrl("");
      done("The service provider's metadata is taken over and saved.");
    },
  });
  return (
    <div>
      <Button
        variant="default"
        disabled={disabled}
        title={disabled ? "Save your changes first" : undefined}
        leftSection={<IconUpload size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Upload Metadata
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Service Provider Metadata" size="lg">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            take.mutate();
          }}
        >
          <Failure error={take.error} known={["metadata", "url"]} />
          <FileButton
            accept=".xml,text/xml,application/xml"
            onChange={(file) => file && void file.text().then(setText)}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Textarea
            mt="md"
            label="Metadata"
            description="Or paste the document here."
            placeholder="<EntityDescriptor …>"
            autosize
            minRows={5}
            maxRows={14}
            spellCheck={false}
            value={text}
            error={fieldError(take.error, "metadata")}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <TextInput
            mt="md"
            label="Metadata URL"
            description="Or the address where the service provider publishes it. It is read again every day then; what changes waits for you."
            placeholder="https://app.example.com/saml/metadata"
            inputMode="url"
            disabled={text.trim() !== ""}
            value={url}
            error={fieldError(take.error, "url")}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={() => setOpened(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={take.isPending} disabled={text.trim() === "" && url.trim() === ""}>
              Take over
            </Button>
          </Group>
        </form>
      </Modal>
    </div>
  );
}
