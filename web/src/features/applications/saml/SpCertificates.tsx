import { FileButton, Input } from "@mantine/core";
import { IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { ActionIcon, Button } from "../../../ui/controls.tsx";
import { Textarea } from "../../../ui/fields/frequent.tsx";

interface SpCertificatesProps {
  texts: string[];
  error: string | undefined;
  onChange: (texts: string[]) => void;
}

/** The certificates of the service provider's keys: to check its signatures with, and to encrypt to. */
export function SpCertificates({ texts, error, onChange }: SpCertificatesProps) {
  return (
    <div className="uris">
      <div>
        <div className="labelled__name" style={{ marginBottom: 0 }}>
          SP Certificate
        </div>
        <div className="section__help" style={{ marginTop: 2 }}>
          Optional: for signed requests and encrypted assertions. Several while the service provider changes its key.
        </div>
      </div>
      {texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; the field is controlled
        <div key={index} className="uris__row">
          <Textarea
            aria-label="SP Certificate"
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={3}
            maxRows={8}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
            value={text}
            error={index === 0 ? error : undefined}
            onChange={(event) => onChange(texts.map((one, at) => (at === index ? event.currentTarget.value : one)))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`Remove SP certificate ${index + 1}`}
            onClick={() => onChange(texts.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {texts.length === 0 && error && <Input.Error>{error}</Input.Error>}
      <div className="buttons">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...texts, ""])}
        >
          Paste SP Certificate
        </Button>
        <FileButton
          accept=".pem,.crt,.cer,application/x-x509-ca-cert"
          onChange={(file) => file && void file.text().then((text) => onChange([...texts, text]))}
        >
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconUpload size={14} aria-hidden />}>
              Upload SP Certificate
            </Button>
          )}
        </FileButton>
      </div>
    </div>
  );
}
