-- how a message looks: the address whose preview stands above it, or whether the edition's picture goes with it
ALTER TABLE message ADD COLUMN preview TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN photo INTEGER NOT NULL DEFAULT 0;
