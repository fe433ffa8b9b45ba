-- +goose Up

-- The tokens of a Zalo app, sealed with a key that is not in the database. A
-- refresh token is good for one call: whoever calls says so here first.
create table zalo_tokens (
	app      text primary key,
	access   bytea,                        -- null: none was obtained yet
	refresh  bytea not null,
	obtained timestamptz,
	expires  timestamptz,
	tries    int not null default 0,       -- calls begun with this refresh token
	attempt  timestamptz,                  -- when a call began whose end nobody has told yet
	hold     timestamptz,                  -- no call begins before: one is under way, or the last one failed
	fault    text not null default '',     -- why the last call brought nothing
	login    timestamptz,                  -- since when a person has to log in again
	seed     bytea                         -- keyed hash of the token from the environment that was put in last
);

-- +goose Down
drop table zalo_tokens;
