-- Versions that were made while a report was withdrawn, as pairs "from-to" with blanks
-- between them, stay unseen after it is opened again; and the newest version at the time
-- of the withdrawal.
ALTER TABLE study_public ADD COLUMN unseen TEXT NOT NULL DEFAULT '';
ALTER TABLE study_public ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0;
