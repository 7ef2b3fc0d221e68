import { Button, Group, Modal } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

export interface Question {
  title: string;
  /** What will happen, to whom, in numbers. */
  body: ReactNode;
  confirm: string;
  danger?: boolean;
}

export type Ask = (question: Question) => Promise<boolean>;

const Asking = createContext<Ask>(() => Promise.resolve(false));

export function useConfirm(): Ask {
  return useContext(Asking);
}

/** Holds the one dialog that asks before something with consequences. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const [shown, setShown] = useState(false);
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        setOpen({ question, answer: resolve });
        setShown(true);
      }),
    [],
  );
  const finish = (yes: boolean) => {
    open?.answer(yes);
    setShown(false);
  };
  return (
    <Asking.Provider value={ask}>
      {children}
      {/* Above whatever dialog asked. */}
      <Modal opened={shown} onClose={() => finish(false)} title={open?.question.title} zIndex={400}>
        <div>{open?.question.body}</div>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => finish(false)} data-autofocus>
            Cancel
          </Button>
          <Button color={open?.question.danger ? "red.8" : undefined} onClick={() => finish(true)}>
            {open?.question.confirm}
          </Button>
        </Group>
      </Modal>
    </Asking.Provider>
  );
}
