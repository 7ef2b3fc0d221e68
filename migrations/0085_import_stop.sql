-- When somebody asked an import job to stop; it ends by itself then, with what became of everybody it had taken in.
ALTER TABLE provision_imports ADD COLUMN stop_asked_at {int};
