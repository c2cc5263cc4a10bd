-- What is only written once and read whole is kept as the text that it is: as jsonb it was taken apart for each row,
-- which was half of what an event cost.
alter table events alter column data type json using data::json;
alter table audit
  alter column actor type json using actor::json,
  alter column before type json using before::json,
  alter column after type json using after::json;
