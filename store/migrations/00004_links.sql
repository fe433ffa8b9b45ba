-- +goose Up

-- One person may write on several channels: two people who turn out to be one
-- are merged (merge.go). The merged row stays for undoing it, until the person
-- is deleted.
alter table people
	add phone_verified boolean not null default false check (not phone_verified or phone <> ''), -- sent with the platform's own button
	add merged_chats text[];                                                                     -- of one merged: which chats were theirs
create unique index people_phone on people (phone) where phone_verified and merged_into is null;

-- A household both had registered is one afterwards. The other's row stays for talks
-- that are open with its number.
alter table producers add merged_into bigint references producers on delete cascade check (merged_into <> id); -- never one merged itself
create index producers_merged on producers (merged_into) where merged_into is not null;

-- An answer of one who was merged is kept as a proof with the person who stays,
-- and does not count: theirs do.
alter table consents add origin bigint; -- of a proof: who gave it
drop trigger consents_kept on consents;
-- +goose StatementBegin
create function consents_kept() returns trigger language plpgsql as $$
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
create or replace function consented(who bigint, what text) returns boolean language plpgsql stable as $$
begin -- plpgsql keeps its plan
	return coalesce((select given from consents where person = who and kind = what and origin is null order by id desc limit 1), false);
end
$$;
-- +goose StatementEnd
create trigger consents_kept before update on consents for each row execute function consents_kept();

-- The numbers of the records an act moved from one to another.
alter table audit add moved jsonb;

-- Codes that link two chats, said in one and typed in the other.
create table links (
	chat  text primary key check (length(chat) between 1 and 400), -- that asked for it
	code  bytea not null unique,                                   -- keyed hash
	until timestamptz not null
);

-- Codes that were wrong: they are counted for an hour.
create table link_misses (
	chat text not null check (length(chat) between 1 and 400),
	at   timestamptz not null default clock()
);
create index link_misses_chat on link_misses (chat, at);
create index link_misses_at on link_misses (at);

-- What could not be sent: officers look at it.
create index turns_fate on turns (at) where fate <> '';

-- +goose Down
drop index turns_fate;
drop table link_misses, links;
alter table audit drop moved;
drop trigger consents_kept on consents;
drop function consents_kept;
create trigger consents_kept before update on consents for each row
	when (old.person is null or new.person is not null or (new.id, new.kind, new.version, new.lang, new.channel, new.given, new.at)
		is distinct from (old.id, old.kind, old.version, old.lang, old.channel, old.given, old.at))
	execute function append_only();
-- +goose StatementBegin
create or replace function consented(who bigint, what text) returns boolean language plpgsql stable as $$
begin -- plpgsql keeps its plan
	return coalesce((select given from consents where person = who and kind = what order by id desc limit 1), false);
end
$$;
-- +goose StatementEnd
alter table consents drop origin;
alter table producers drop merged_into;
drop index people_phone;
alter table people drop merged_chats, drop phone_verified;
