-- +goose Up

-- clock() is now() moved by the offset of LENSAN_NOW (demos, tests). Every
-- deadline in a row is set and compared by it.
create function clock() returns timestamptz language sql stable as $$
	select now() + coalesce(nullif(current_setting('lensan.offset', true), ''), '0')::interval
$$;

-- What the service must remember about itself: the key of the message hashes.
create table secrets (
	name  text primary key,
	value bytea not null
);

-- A conversation and its committed session. (turn, nonce) moves with every turn.
create table chats (
	chat    text primary key,              -- channel:account:id
	turn    bigint not null,
	nonce   text not null,
	session jsonb not null,
	person  bigint,
	owed    timestamptz,                   -- an answer is owed at this time (albums)
	blocked timestamptz,                   -- the person blocked us
	seen    timestamptz not null default clock()
) with (fillfactor = 50, toast_tuple_target = 8160); -- every turn updates its row: in place, uncompressed
create index chats_owed on chats (owed) where owed is not null;
create index chats_person on chats (person) where person is not null;

-- Messages that came in. The key outlives the content (30 days).
create table messages (
	id      bigint generated always as identity primary key,
	key     bytea not null unique,         -- keyed hash of chat and delivery
	chat    text,                          -- null when purged
	body    jsonb,
	raw     bytea,                         -- authentic, but not decodable
	at      timestamptz not null default clock(),
	taken   timestamptz,                   -- somebody works on it until then
	handled timestamptz,
	tries   smallint not null default 0    -- runs after the first
);
create index messages_unhandled on messages (chat, id) where handled is null;
create index messages_at on messages using brin (at); -- for purging: rows lie in the order of time

-- The journal: what each turn did and said. Replies go out in order of turn.
create table turns (
	chat       text not null,
	turn       bigint not null,
	at         timestamptz not null default clock(),
	message    bigint,                     -- the message it answered, if any
	flow       text not null default '',
	question   text not null default '',   -- the question it ended in
	outcome    text not null,              -- answered, silent, failed, …
	replies    jsonb not null default '[]',
	parts      int not null default 0,     -- parts sent so far
	send_until timestamptz,                -- somebody sends it until then
	sent       timestamptz,                -- all parts sent or given up
	fate       text not null default '',   -- why it was given up, if it was
	primary key (chat, turn)
) with (toast_tuple_target = 8160);
create index turns_unsent on turns (chat, turn) where sent is null;
create index turns_at on turns using brin (at);

-- Nobody searches in these: comparing documents is most of the work of analyze.
alter table chats alter session set statistics 0;
alter table messages alter body set statistics 0, alter raw set statistics 0;
alter table turns alter replies set statistics 0;

-- +goose Down
drop table turns, messages, chats, secrets;
drop function clock();
