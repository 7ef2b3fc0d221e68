import { FileButton } from "@mantine/core";
import { IconFile, IconFileImport } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { Button } from "../../ui/controls.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { readTable, type Table } from "./table.ts";

/** Nothing is chosen yet: says what a file looks like. */
export function ChooseFile({ readOnly, onTable }: { readOnly: boolean; onTable: (table: Table) => void }) {
  const read = useMutation({ mutationFn: readTable, onSuccess: onTable });
  const [over, setOver] = useState(false);
  if (readOnly) {
    return (
      <div className="tab-body">
        <Note tone="info">Your role may look at people and export them. Administrators import them.</Note>
      </div>
    );
  }
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  const drop = (event: DragEvent) => {
    drag(event, false);
    const [file] = event.dataTransfer.files;
    if (file) read.mutate(file);
  };
  return (
    <div className="tab-body">
      <Failure error={read.error} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first */}
      <div
        className="drop"
        data-over={over || undefined}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={drop}
      >
        <Empty
          icon={<IconFileImport size={24} />}
          title="Import people from a CSV file"
          text="The first row names the columns, each further row is a person. You choose what the columns mean and see what would change before anything does."
          action={<FileChoice label="Choose a CSV file" primary loading={read.isPending} onFile={read.mutate} />}
        />
      </div>
    </div>
  );
}

interface FileChoiceProps {
  label: string;
  primary?: boolean;
  loading: boolean;
  onFile: (file: File) => void;
}

export function FileChoice({ label, primary, loading, onFile }: FileChoiceProps) {
  return (
    <FileButton
      onChange={(file) => file && onFile(file)}
      accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
      inputProps={{ "aria-label": "File of people" }}
    >
      {(props) => (
        <Button
          variant={primary ? "filled" : "default"}
          size={primary ? undefined : "xs"}
          leftSection={<IconFile size={16} aria-hidden />}
          loading={loading}
          {...props}
        >
          {label}
        </Button>
      )}
    </FileButton>
  );
}
