-- Every change may be repeated under its Idempotency-Key: what it answered is kept beside the key. No answer: it
-- held a secret that is shown once.
alter table idempotency_keys add column answer jsonb;
alter table idempotency_keys alter column entity_id drop not null;
