-- +goose Up

-- What somebody is for an area: the codes of communes (5 digits) and provinces (2
-- digits). An admin has none: theirs is all. A role is ended, never deleted, except
-- with its person.
create table roles (
	id       bigint generated always as identity primary key,
	person   bigint not null references people on delete cascade,
	kind     text not null check (kind in ('helper', 'officer', 'admin')),
	areas    text[] not null default '{}' check (cardinality(areas) <= 200 and array_to_string(areas, ',', 'null') ~ '^(([0-9]{2}|[0-9]{5})(,([0-9]{2}|[0-9]{5}))*)?$'),
	since    timestamptz not null default clock(),
	ended    timestamptz,
	ended_by text not null default '' check (length(ended_by) <= 100), -- as in the audit log
	check ((kind = 'admin') = (areas = '{}')),
	check ((ended is null) = (ended_by = ''))
);
create index roles_person on roles (person) where ended is null;
create index roles_areas on roles using gin (areas) where ended is null;
create index roles_admins on roles (since, id) where ended is null and kind = 'admin';

-- Codes that give a role, or a place among the members of a producer, once.
create table invitations (
	id       bigint generated always as identity primary key,
	code     bytea not null unique,                        -- keyed hash
	role     text not null check (role in ('manager', 'helper', 'officer', 'admin')),
	areas    text[] not null default '{}' check (array_to_string(areas, ',', 'null') ~ '^(([0-9]{2}|[0-9]{5})(,([0-9]{2}|[0-9]{5}))*)?$'),
	producer bigint references producers on delete cascade,
	by       bigint references people on delete cascade,   -- who invites; null: the command line
	actor    text not null check (length(actor) between 1 and 100), -- the same, as in the audit log
	created  timestamptz not null default clock(),
	until    timestamptz not null,
	used     timestamptz,
	used_by  bigint references people on delete set null,
	check ((role in ('manager', 'helper') and producer is not null) or producer is null),
	check ((role = 'admin' or producer is not null) = (areas = '{}')),
	check (role <> 'manager' or producer is not null)
);
create index invitations_by on invitations (by) where by is not null;
create index invitations_used_by on invitations (used_by) where used_by is not null;
create index invitations_producer on invitations (producer) where producer is not null;
create index invitations_until on invitations (until);

-- Who else speaks in a chat: a phone shared by several people. Who speaks now
-- stands in chats.person.
create table speakers (
	chat   text not null check (length(chat) between 1 and 400),
	person bigint not null references people on delete cascade,
	since  timestamptz not null default clock(),
	primary key (chat, person)
);
create index speakers_person on speakers (person);

-- Producers of an officer's list, too: those have no members until somebody claims
-- them. Without a name: "the products of a list that names no producer", one such
-- row for a commune (or a province, where the list names no commune).
alter table producers
	drop constraint producers_name_check,
	drop constraint producers_kind_check,
	add folded     text not null default '' check (length(folded) <= 200), -- the name as it is looked up: without marks and the words of its kind
	add contact    text not null default '' check (length(contact) <= 120),   -- a person the list names
	add province   text not null default '' check (province ~ '^([0-9]{2})?$'), -- of the list; counts while the commune is not known
	add place_said text not null default '' check (length(place_said) <= 300),  -- as the list writes it
	add listed     boolean not null default false,
	add called     timestamptz,                                                 -- when an officer called them last, because nobody claimed them
	add constraint producers_name_check check (name is nfc normalized and (length(name) between 2 and 160 or name = '' and listed)),
	add constraint producers_kind_check check (kind in ('household', 'group', 'cooperative', 'company', '')); -- '': the list does not say
-- What producerKey does for new ones.
update producers set folded = trim(regexp_replace(
	translate(regexp_replace(lower(normalize(name, nfd)), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'),
	'[^a-z0-9]+', ' ', 'g'));
update producers set folded = regexp_replace(folded, '^((lien hiep|hop tac xa|htx|to hop tac|tht|cong ty|cty|co phan|cp|trach nhiem huu han|tnhh|'
	'mot thanh vien|mtv|doanh nghiep tu nhan|dntn|doanh nghiep|ho kinh doanh|hkd|co so san xuat|cssx|co so|ho san xuat|ho gia dinh|trang trai) )+', '');
update producers set folded = trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
	folded, '\mnn\M', 'nong nghiep', 'g'), '\mdv\M', 'dich vu', 'g'), '\mtm\M', 'thuong mai', 'g'), '\msx\M', 'san xuat', 'g'),
	'\mkd\M', 'kinh doanh', 'g'), '\mva\M', '', 'g'), ' +', ' ', 'g'));
drop index producers_sample;
create unique index producers_sample on producers (name, commune) where sample; -- that of no name in each commune
create index producers_folded on producers (folded); -- merged ones, too: a list goes on naming them
create index producers_commune on producers (commune, id) where merged_into is null;
create index producers_province on producers (province, id) where merged_into is null and commune = '';

alter table products
	add kind     text not null default 'idea' check (kind in ('ocop', 'idea', 'rural_industry', 'seasonal')),
	add subgroup text not null default '' check (length(subgroup) <= 120),
	add months   int[] not null default '{}' check (months <@ array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] and cardinality(months) <= 12), -- when a seasonal one is there
	add listed   boolean not null default false;           -- it stands in an officer's list: a public fact
update products set kind = 'ocop', listed = true where state = 'certified';
update producers f set listed = true, commune = coalesce((select max(place) from products where producer = f.id), '') where sample;
create index products_producer on products (producer);

-- What a competent body decided about a product. "expired" is not stored: the day
-- says it.
create table certificates (
	id           bigint generated always as identity primary key,
	product      bigint not null references products on delete cascade,
	stars        smallint check (stars between 1 and 5),        -- null: not known
	decision     text not null default '' check (length(decision) <= 200), -- its number as written: "4261/QĐ-UBND"
	decided      date,                                          -- null: not known
	decided_said text not null default '' check (length(decided_said) <= 120), -- as written, where no day is known: "2021", "12/2021"
	issued_by    text not null default '' check (length(issued_by) <= 300),    -- as written
	ends         date generated always as ((decided + interval '36 months')::date) stored, -- Certificate.Ends
	state        text not null default 'valid' check (state in ('valid', 'reevaluation', 'replaced', 'withdrawn')),
	created      timestamptz not null default clock(),
	updated      timestamptz not null default clock()
);
create unique index certificates_decision on certificates (product, decision, coalesce(decided, '-infinity'));
create index certificates_updated on certificates (updated);
create index certificates_ends on certificates (ends) where state in ('valid', 'reevaluation');

-- "This producer is mine": an officer says whether it is so.
create table claims (
	id         bigint generated always as identity primary key,
	producer   bigint not null references producers on delete cascade,
	person     bigint not null references people on delete cascade,
	state      text not null default 'open' check (state in ('open', 'accepted', 'refused')),
	officer    bigint references people on delete set null,     -- to whom it was handed over; null: to all who are responsible
	created    timestamptz not null default clock(),
	decided    timestamptz,
	decided_by text not null default '' check (length(decided_by) <= 100), -- as in the audit log
	check ((state = 'open') = (decided is null))
);
create unique index claims_open on claims (producer, person) where state = 'open';
create index claims_producer on claims (producer);
create index claims_person on claims (person);
create index claims_officer on claims (officer) where officer is not null;

alter table requests add officer bigint references people on delete set null; -- to whom it was handed over
create index requests_officer on requests (officer) where officer is not null;
create index requests_commune on requests (commune, created, id) where state = 'open';

-- Lists officers sent in, from the chat or the command line.
create table imports (
	id      bigint generated always as identity primary key,
	actor   text not null check (length(actor) between 1 and 100), -- as in the audit log
	chat    text not null default '' check (length(chat) <= 400),  -- where the answer goes; '': the command line
	name    text not null default '' check (length(name) <= 255),  -- of the file
	sha256  bytea check (length(sha256) = 32),                     -- null until the file is here
	state   text not null default 'new' check (state in ('new', 'read', 'written', 'refused', 'dropped')),
	counts  jsonb not null default '{}',                           -- what it holds, and what is still to be asked
	at      timestamptz not null default clock(),
	done    timestamptz
);
create index imports_sha256 on imports (sha256, id);
create index imports_chat on imports (chat, id) where chat <> '';

-- Moves with every change of what can be searched: whoever keeps an index sees it is old.
create table catalogue (
	one     boolean primary key default true check (one),
	version bigint not null default 1
);
insert into catalogue default values;

-- As what an officer acted: "officer 02761".
alter table audit add office text not null default '' check (length(office) <= 2000);
create index audit_moved on audit (id) where moved is not null;

-- What a merge replaced in the one who stays, and where else the merged one spoke,
-- for undoing it.
alter table people
	add merged_phone    text check (merged_phone ~ '^(0[0-9]{9,10})?$'),
	add merged_speakers text[];

-- +goose StatementBegin
create or replace function consents_kept() returns trigger language plpgsql as $$
begin
	if (new.id, new.kind, new.version, new.lang, new.channel, new.given, new.at)
		is not distinct from (old.id, old.kind, old.version, old.lang, old.channel, old.given, old.at) then
		if old.person is not null and new.person is null and new.origin is not distinct from old.origin then
			return new; -- the person is deleted
		end if;
		if new.receipt is null and new.origin = coalesce(old.origin, old.person)
			and exists (select from people where id = old.person and merged_into = new.person) then
			return new; -- the person was merged
		end if;
		if new.receipt is null and new.origin is not distinct from nullif(old.origin, new.person)
			and exists (select from people where id = new.person and merged_into = old.person) then
			return new; -- the merge is undone
		end if;
	end if;
	raise exception 'consents is append-only' using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function consents_kept() returns trigger language plpgsql as $$
begin
	if (new.id, new.kind, new.version, new.lang, new.channel, new.given, new.at)
		is not distinct from (old.id, old.kind, old.version, old.lang, old.channel, old.given, old.at) then
		if old.person is not null and new.person is null and new.origin is not distinct from old.origin then
			return new; -- the person is deleted
		end if;
		if new.receipt is null and new.origin = coalesce(old.origin, old.person)
			and exists (select from people where id = old.person and merged_into = new.person) then
			return new; -- the person was merged
		end if;
	end if;
	raise exception 'consents is append-only' using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd
alter table people drop merged_speakers, drop merged_phone;
drop index audit_moved;
alter table audit drop office;
drop table catalogue, imports, claims, certificates, speakers, invitations, roles;
drop index requests_commune;
alter table requests drop officer;
drop index products_producer;
alter table products drop listed, drop months, drop subgroup, drop kind;
delete from products where producer in (select id from producers where name = '' or kind = '');
delete from producers where name = '' or kind = '';
drop index producers_sample, producers_province, producers_commune, producers_folded;
create unique index producers_sample on producers (name) where sample;
alter table producers
	drop constraint producers_kind_check,
	drop constraint producers_name_check,
	drop called, drop listed, drop place_said, drop province, drop contact, drop folded,
	add constraint producers_name_check check (length(name) between 2 and 160 and name is nfc normalized),
	add constraint producers_kind_check check (kind in ('household', 'group', 'cooperative', 'company'));
