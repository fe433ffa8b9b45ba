-- +goose Up

-- Lists have longer names than people type.
alter table producers
	drop constraint producers_name_check,
	add constraint producers_name_check check (name is nfc normalized and (length(name) between 2 and 200 or name = '' and listed));
alter table products
	drop constraint products_name_check,
	add constraint products_name_check check (length(name) between 2 and 200 and name is nfc normalized);

-- Without a day, what the list says of it tells two decisions apart: "2021" and "2024".
drop index certificates_decision;
create unique index certificates_decision on certificates (product, decision, coalesce(decided, '-infinity'), decided_said);

alter table requests -- for a short time 00005 had these, too
	add if not exists by     bigint references people on delete set null,             -- the officer who dealt with it; null: nobody yet, or the command line
	add if not exists answer text not null default '' check (length(answer) <= 1000); -- what they wrote to the person; empty: they called
alter table requests add if not exists said bigint; -- the turn of its chat that said so; null: none yet
create index if not exists requests_by on requests (by) where by is not null;
drop index requests_open;
create index requests_open on requests (chat, topic) where state = 'open'; -- one of each who speaks in the chat

-- +goose Down
drop index requests_open;
update requests r set state = 'done', done = clock() where state = 'open' and exists (select from requests o
	where o.state = 'open' and o.chat = r.chat and o.topic = r.topic and o.id < r.id);
create unique index requests_open on requests (chat, topic) where state = 'open';
alter table requests drop said, drop answer, drop by;
drop index certificates_decision;
delete from certificates c using certificates o
	where o.product = c.product and o.decision = c.decision and o.decided is not distinct from c.decided and o.id > c.id;
create unique index certificates_decision on certificates (product, decision, coalesce(decided, '-infinity'));
update products set name = normalize(left(name, 120), nfc) where length(name) > 120;
alter table products
	drop constraint products_name_check,
	add constraint products_name_check check (length(name) between 2 and 120 and name is nfc normalized);
update producers set name = normalize(left(name, 160), nfc) where length(name) > 160;
alter table producers
	drop constraint producers_name_check,
	add constraint producers_name_check check (name is nfc normalized and (length(name) between 2 and 160 or name = '' and listed));
