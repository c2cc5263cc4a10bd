-- What the master key that everything here was sealed with must answer: another one is refused before it is used.
alter table platform.installation add column key_check text;
