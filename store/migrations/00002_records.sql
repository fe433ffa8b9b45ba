-- +goose Up

-- Refuses what it is a trigger of: the table is only ever added to.
-- +goose StatementBegin
create function append_only() returns trigger language plpgsql as $$
begin
	raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd

-- People we talk to. Which chats are theirs stands in chats.person.
create table people (
	id          bigint generated always as identity primary key,
	name        text not null default '' check (length(name) <= 120 and name is nfc normalized),
	phone       text not null default '' check (phone ~ '^(0[0-9]{9,10})?$'),  -- national digits
	commune     text not null default '' check (commune ~ '^([0-9]{5})?$'),    -- code of the statistics office
	lang        text not null default 'vi' check (lang in ('vi', 'en')),
	merged_into bigint references people check (merged_into <> id),            -- the one that stays, never one merged itself
	created     timestamptz not null default clock()
);
create index people_merged on people (merged_into) where merged_into is not null;
alter table chats add foreign key (person) references people on delete set null;

-- What people agreed to and took back: the last row of a kind counts. A row is
-- never changed, but the person is taken off it when they are deleted.
create table consents (
	id      bigint generated always as identity primary key,
	person  bigint references people,
	kind    text not null check (kind in ('records', 'reminders')),
	version text not null check (length(version) between 1 and 60), -- of the text that was shown
	lang    text not null check (lang in ('vi', 'en')),
	channel text not null check (length(channel) between 1 and 40),
	given   boolean not null,
	at      timestamptz not null default clock(),
	receipt text check (length(receipt) <= 40),                     -- of the deletion
	check ((person is null) = (receipt is not null))
);
create index consents_person on consents (person, kind, id);
create trigger consents_kept before update on consents for each row
	when (old.person is null or new.person is not null or (new.id, new.kind, new.version, new.lang, new.channel, new.given, new.at)
		is distinct from (old.id, old.kind, old.version, old.lang, old.channel, old.given, old.at))
	execute function append_only();
create trigger consents_stay before delete or truncate on consents execute function append_only();

-- +goose StatementBegin
create function consented(who bigint, what text) returns boolean language plpgsql stable as $$
begin -- plpgsql keeps its plan
	return coalesce((select given from consents where person = who and kind = what order by id desc limit 1), false);
end
$$;
-- +goose StatementEnd

-- Those who make OCOP products.
create table producers (
	id         bigint generated always as identity primary key,
	kind       text not null check (kind in ('household', 'group', 'cooperative', 'company')),
	name       text not null check (length(name) between 2 and 160 and name is nfc normalized),
	commune    text not null default '' check (commune ~ '^([0-9]{5})?$'),
	registered text not null default 'unknown' check (registered in ('yes', 'no', 'unknown')),
	phone      text not null default '' check (phone ~ '^(0[0-9]{9,10})?$'),
	sample     boolean not null default false,             -- of the demo's sample data
	created    timestamptz not null default clock(),
	updated    timestamptz not null default clock()
);
create unique index producers_sample on producers (name) where sample;

-- Who speaks for a producer.
create table members (
	producer bigint not null references producers on delete cascade,
	person   bigint not null references people on delete cascade,
	role     text not null check (role in ('manager', 'helper')),
	since    timestamptz not null default clock(),
	primary key (producer, person)
);
create index members_person on members (person);

create table products (
	id             bigint generated always as identity primary key,
	producer       bigint not null references producers,
	name           text not null check (length(name) between 2 and 120 and name is nfc normalized), -- as typed
	folded         text not null check (folded <> ''),     -- the name as it is compared
	product_group  text not null check (product_group in ('food', 'drink', 'herb', 'craft', 'ornament', 'tourism', 'unknown')),
	place          text not null default '' check (place ~ '^([0-9]{5})?$'),
	yearly_text    text not null default '' check (length(yearly_text) <= 120), -- as understood
	yearly_value   numeric not null default 0 check (yearly_value >= 0),
	yearly_unit    text not null default '' check (length(yearly_unit) <= 40),
	ingredients    text not null default '' check (length(ingredients) <= 2000),
	origin         text not null default '' check (length(origin) <= 2000),
	price_low      bigint not null default 0,              -- đồng
	price_high     bigint not null default 0,
	packaging      text not null default '' check (length(packaging) <= 2000),
	label          text not null default '' check (length(label) <= 2000),
	papers         text[] check (papers <@ array['food_safety', 'self_declaration', 'vietgap', 'haccp', 'iso', 'barcode', 'trace_stamp']),
	papers_unknown boolean not null default false,
	story          text not null default '' check (length(story) <= 4000),
	state          text not null default 'submitted' check (state in ('submitted', 'certified', 'withdrawn')),
	created        timestamptz not null default clock(),
	updated        timestamptz not null default clock(),
	check (0 <= price_low and price_low <= price_high)
);
create unique index products_folded on products (producer, folded) where state <> 'withdrawn';

-- Photos. The channel's file is fetched later; until then key is empty.
create table files (
	id      bigint generated always as identity primary key,
	person  bigint not null references people,
	product bigint references products,
	channel text not null check (length(channel) between 1 and 40),
	ref     text not null check (length(ref) between 1 and 2048), -- the channel's id of it
	key     text not null default '' check (length(key) <= 200),  -- where it lies
	type    text not null default '' check (length(type) <= 120),
	size    bigint not null default 0 check (size >= 0),
	sha256  bytea check (length(sha256) = 32),
	lost    timestamptz,                                   -- the platform does not have it any more
	created timestamptz not null default clock(),
	check (key = '' or sha256 is not null)
);
create index files_unfetched on files (id) where key = '' and lost is null;
create index files_person on files (person);
create index files_product on files (product) where product is not null;

-- Keys of stored files whose records are gone: what lies there is to be deleted.
create table deleted_files (
	key text primary key,
	at  timestamptz not null default clock()
);

-- "A person, please."
create table requests (
	id      bigint generated always as identity primary key,
	chat    text not null check (length(chat) between 1 and 400),
	person  bigint references people,
	topic   text not null check (length(topic) between 1 and 60),
	text    text not null default '' check (length(text) <= 4000),
	phone   text not null default '' check (phone ~ '^(0[0-9]{9,10})?$'),
	commune text not null default '' check (commune ~ '^([0-9]{5})?$'),
	state   text not null default 'open' check (state in ('open', 'done')),
	created timestamptz not null default clock(),
	done    timestamptz,
	check ((state = 'done') = (done is not null))
);
create unique index requests_open on requests (chat, topic) where state = 'open';
create index requests_oldest on requests (created, id) where state = 'open';
create index requests_person on requests (person) where person is not null;

-- Who did what to which record. No names, no phone numbers, no words of people.
create table audit (
	id      bigint generated always as identity primary key,
	actor   text not null check (length(actor) between 1 and 100),   -- "person 12", "job purge"
	act     text not null check (length(act) between 1 and 60),
	subject text not null check (length(subject) between 1 and 100), -- "SP-000001"
	at      timestamptz not null default clock()
);
create index audit_subject on audit (subject, id);
create trigger audit_stays before update or delete or truncate on audit execute function append_only();

-- +goose Down
drop table audit, requests, deleted_files, files, products, members, producers;
drop function consented;
drop table consents;
alter table chats drop constraint chats_person_fkey;
drop table people;
drop function append_only;
