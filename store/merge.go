package store

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Moved are the numbers of the records that a merge moved to the one who stays,
// as the audit log keeps them, so that it can be undone. What would name somebody
// for ever stands in the merged person's row: which chats moved, and a phone number
// that gave way to theirs.
type Moved struct {
	Into        int64   `json:"into"`              // who stays
	Managed     []int64 `json:"managed,omitempty"` // producers they managed
	Helped      []int64 `json:"helped,omitempty"`  // producers they helped
	Files       []int64 `json:"files,omitempty"`
	Requests    []int64 `json:"requests,omitempty"`
	Consents    []int64 `json:"consents,omitempty"`
	Roles       []int64 `json:"roles,omitempty"`
	Claims      []int64 `json:"claims,omitempty"`
	Invitations []int64 `json:"invitations,omitempty"` // that they made
	People      []int64 `json:"people,omitempty"`      // who had been merged into them before
	Same        []Same  `json:"same,omitempty"`

	Kept  []Member `json:"kept,omitempty"`  // the memberships that the one who stays had of the same producers
	Taken []string `json:"taken,omitempty"` // what the one who stays had not told, by column

	Undone int64 `json:"undone,omitempty"` // of an undoing: the number of the merge in the audit log
}

// Member is a person's place among the members of a producer.
type Member struct {
	Producer int64  `json:"producer,omitempty"`
	Person   int64  `json:"person,omitempty"`
	Role     string `json:"role"`
}

// Merge makes one person of two, and returns who stays: the one known longer.
// chat is where it was asked for (empty: not in a chat): its row is left to the
// turn's commit, which must name who stays ([bot.Talk.Identify]). Both are held
// in the order of their numbers.
//
// To the one who stays go the other's chats, each with its session; memberships
// (manager counts more than helper), and with them producers and products; files,
// requests, a verified phone number and whatever the one who stays had not told.
// Their own answers about consent count; those of the other are kept as proofs,
// but what the other refused is refused. A household that both registered becomes
// one, unless both have a product of one name. *MergedError: one of them was merged
// meanwhile; ErrNotFound.
func (tx *Tx) Merge(ctx context.Context, one, other int64, chat, actor string) (stays int64, err error) {
	stays, goes := min(one, other), max(one, other)
	if stays == goes {
		return 0, errors.New("store: a person cannot be merged with themselves")
	}
	if err := tx.holdBoth(ctx, stays, goes, chat); err != nil {
		return 0, err
	}
	chats, err := tx.moveChats(ctx, goes, stays, chat)
	if err != nil {
		return 0, err
	}
	m := &Moved{Into: stays}
	if m.People, err = all(ctx, tx.q, pgx.RowTo[int64], `update people set merged_into = $2 where merged_into = $1 returning id`, goes, stays); err != nil {
		return 0, err
	}
	if m.Taken, err = tx.takeDetails(ctx, goes, stays, chats); err != nil {
		return 0, err
	}
	if err := tx.moveRecords(ctx, goes, stays, m); err != nil {
		return 0, err
	}
	return stays, tx.auditMoved(ctx, actor, actMergePeople, PersonActor(goes), m)
}

// takeDetails makes a person one that was merged, and gives the one who stays what
// they had not told. It returns what that was.
func (tx *Tx) takeDetails(ctx context.Context, goes, stays int64, chats []string) ([]string, error) {
	taken, err := one(ctx, tx.q, pgx.RowTo[[]string], `select array_remove(array[
			case when s.name = '' and g.name <> '' then 'name' end,
			case when s.commune = '' and g.commune <> '' then 'commune' end,
			case when s.phone = '' and g.phone <> '' or g.phone_verified and not s.phone_verified then 'phone' end,
			case when g.phone_verified and not s.phone_verified then 'verified' end], null)
		from people s, people g where s.id = $2 and g.id = $1`, goes, stays)
	if err != nil {
		return nil, err
	}
	if _, err := tx.exec(ctx, `update people g set merged_into = $2, merged_chats = $3,
			merged_phone = s.phone, merged_speakers = array(select chat from speakers g where person = $1
				and not exists (select from speakers s where s.chat = g.chat and s.person = $2) order by chat)
		from people s where g.id = $1 and s.id = $2`, goes, stays, chats); err != nil {
		return nil, err
	}
	// Where both speak, the row stays for undoing it: one who was merged is not shown.
	if _, err := tx.exec(ctx, `update speakers set person = $2 where person = $1
		and chat = any((select merged_speakers from people where id = $1)::text[])`, goes, stays); err != nil {
		return nil, err
	}
	_, err = tx.exec(ctx, `update people s set
			name = coalesce(nullif(s.name, ''), g.name), commune = coalesce(nullif(s.commune, ''), g.commune),
			phone = case when s.phone = '' or g.phone_verified and not s.phone_verified then g.phone else s.phone end,
			phone_verified = s.phone_verified or g.phone_verified
		from people g where s.id = $2 and g.id = $1`, goes, stays)
	return taken, err
}

// holdBoth holds the chats of two people but the one that is held already, and
// then the two.
func (tx *Tx) holdBoth(ctx context.Context, stays, goes int64, chat string) error {
	if _, err := tx.exec(ctx, `select from chats where person in ($1, $2) and chat <> $3 order by chat for update`, stays, goes, chat); err != nil {
		return err
	}
	people, err := all(ctx, tx.q, pgx.RowTo[*int64], `select merged_into from people where id in ($1, $2) order by id for update`, stays, goes)
	if err != nil {
		return err
	}
	if len(people) < 2 {
		return ErrNotFound
	}
	for _, into := range people {
		if into != nil {
			return &MergedError{Into: *into}
		}
	}
	return nil
}

// moveChats gives a person's chats to another and returns their keys. The turn
// number moves on, so that a turn that is running there is run again, as the
// other person, and no live copy of the session survives.
func (tx *Tx) moveChats(ctx context.Context, from, to int64, chat string) ([]string, error) {
	return all(ctx, tx.q, pgx.RowTo[string], `update chats set person = $2,
			turn = case when chat = $3 then turn else turn + 1 end, nonce = case when chat = $3 then nonce else $4 end
		where person = $1 returning chat`, from, to, chat, rand.Text()[:8])
}

// moveRecords moves all a person has but their chats, and notes it.
func (tx *Tx) moveRecords(ctx context.Context, from, to int64, m *Moved) error {
	var err error
	if m.Kept, err = all(ctx, tx.q, readMember, `select producer, 0::bigint, role from members
		where person = $2 and producer in (select producer from members where person = $1) order by producer`, from, to); err != nil {
		return err
	}
	memberships, err := all(ctx, tx.q, readMember, `with gone as (delete from members where person = $1 returning producer, role, since), moved as (
			insert into members as m (producer, person, role, since) select producer, $2, role, since from gone order by producer
			on conflict (producer, person) do update set since = least(m.since, excluded.since),
				role = case when 'manager' in (m.role, excluded.role) then 'manager' else 'helper' end)
		select producer, 0::bigint, role from gone order by producer`, from, to)
	if err != nil {
		return err
	}
	for _, p := range memberships {
		if p.Role == Manager {
			m.Managed = append(m.Managed, p.Producer)
		} else {
			m.Helped = append(m.Helped, p.Producer)
		}
	}
	if m.Same, err = tx.sameHouseholds(ctx, to, m.Managed); err != nil {
		return err
	}
	// What the other refused holds for the one who stays, too.
	refused, err := all(ctx, tx.q, pgx.RowTo[int64], `insert into consents (person, kind, version, lang, channel, given, at)
		select $2, kind, version, lang, channel, false, $3 from (select distinct on (kind) * from consents
			where person = $1 and origin is null order by kind, id desc) theirs
		where not given and consented($2, kind) returning id`, from, to, tx.now)
	if err != nil {
		return err
	}
	// Of a producer both claim one claim is enough.
	if _, err := tx.exec(ctx, `delete from claims c where person = $1 and state = 'open'
		and (exists (select from claims o where o.producer = c.producer and o.person = $2 and o.state = 'open')
			or exists (select from members o where o.producer = c.producer and o.person = $2))`, from, to); err != nil {
		return err
	}
	for _, move := range []struct {
		ids *[]int64
		sql string
	}{
		{&m.Files, `update files set person = $2 where person = $1 returning id`},
		{&m.Requests, `update requests set person = $2 where person = $1 returning id`},
		{&m.Consents, `update consents set person = $2, origin = coalesce(origin, person) where person = $1 returning id`},
		{&m.Roles, `update roles set person = $2 where person = $1 returning id`},
		{&m.Claims, `update claims set person = $2 where person = $1 returning id`},
		{&m.Invitations, `update invitations set by = $2 where by = $1 returning id`},
	} {
		if *move.ids, err = all(ctx, tx.q, pgx.RowTo[int64], move.sql, from, to); err != nil {
			return err
		}
	}
	m.Consents = append(m.Consents, refused...)
	for _, sql := range []string{
		`update requests set officer = $2 where officer = $1`,
		`update requests set by = $2 where by = $1`,
		`update claims set officer = $2 where officer = $1`,
		`update invitations set used_by = $2 where used_by = $1`,
	} {
		if _, err := tx.exec(ctx, sql, from, to); err != nil {
			return err
		}
	}
	return tx.changedCatalogue(ctx)
}

// readMember reads producer, person and role.
var readMember = pgx.RowToStructByPos[Member]

// Join makes a chat that belongs to nobody one of a person's. ErrNotFound: there
// is no such chat, or it belongs to somebody by now.
func (tx *Tx) Join(ctx context.Context, chat string, person int64) error {
	n, err := tx.exec(ctx, `update chats set person = $2, turn = turn + 1, nonce = $3 where chat = $1 and person is null`,
		chat, person, rand.Text()[:8])
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	return tx.Audit(ctx, PersonActor(person), "join chat", PersonActor(person))
}

// Part takes a chat from its person, whose records stay with them. Its session is
// emptied but for what sending needs. asked is the chat where it was asked for: if
// it is the same, its row is left to the turn's commit ([bot.Talk.Forget]).
// ErrNotFound: it is not the person's.
func (tx *Tx) Part(ctx context.Context, person int64, chat, asked string) error {
	n, err := tx.exec(ctx, `update chats set person = null,
			turn = case when chat = $3 then turn else turn + 1 end, nonce = case when chat = $3 then nonce else $4 end,
			owed = null, session = jsonb_strip_nulls(jsonb_build_object('turn', turn + 1, 'nonce', $4::text, 'lang', session->'lang',
				'blocked', session->'blocked', 'wrote', session->'wrote', 'quiet', session->'quiet', 'aside', session->'aside'))
		where chat = $1 and person = $2`, chat, person, asked, rand.Text()[:8])
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	if err := tx.DropSpeaker(ctx, chat, person); err != nil {
		return err
	}
	return tx.Audit(ctx, PersonActor(person), "part chat", PersonActor(person))
}

// PersonChat is a chat of a person.
type PersonChat struct {
	Chat string    // its key, see [bot.ParseChat]
	Seen time.Time // when something last happened in it
}

// ChatsOf returns a person's chats, by channel.
func (r *Reader) ChatsOf(ctx context.Context, person int64) ([]PersonChat, error) {
	return all(ctx, r.q, pgx.RowToStructByName[PersonChat], `select chat, seen from chats where person = $1 order by chat`, person)
}
