package store

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/jackc/pgx/v5"
)

// MyData is everything stored about a person. Luật 91/2025/QH15 gives them the
// right to see, correct and delete it; Nghị định 356/2025/NĐ-CP wants an answer
// within 2 working days. The bot does it at once.
type MyData struct {
	Person    Person
	Consents  []Consent
	Producers []Producer
	Products  []Product // withdrawn ones too
	Files     []File
	Requests  []Request
	Roles     Roles // open ones
	Claims    []Claim
	Chats     []string  // keys of their chats
	Messages  int       // messages whose words are still kept
	Since     time.Time // the oldest of them; zero: none
}

// MyData returns what is stored about a person. ErrNotFound.
func (r *Reader) MyData(ctx context.Context, person int64) (d MyData, err error) {
	if d.Person, err = r.Person(ctx, person); err != nil {
		return d, err
	}
	if d.Consents, err = r.Consents(ctx, person); err != nil {
		return d, err
	}
	if d.Producers, err = r.ProducersOf(ctx, person); err != nil {
		return d, err
	}
	if d.Products, err = all(ctx, r.q, readProduct, `select `+productColumns+` from products p join members m using (producer)
		where m.person = $1 order by p.id`, person); err != nil {
		return d, err
	}
	if d.Files, err = all(ctx, r.q, pgx.RowToStructByName[File],
		`select `+fileColumns+` from files where person = $1 order by id`, person); err != nil {
		return d, err
	}
	if d.Chats, err = all(ctx, r.q, pgx.RowTo[string],
		`select chat from chats where person = $1 order by chat`, person); err != nil {
		return d, err
	}
	if d.Requests, err = r.requests(ctx, `person = $1 or chat = any($2) order by id`, person, d.Chats); err != nil {
		return d, err
	}
	if d.Roles, err = r.RolesOf(ctx, person); err != nil {
		return d, err
	}
	if d.Claims, err = r.ClaimsOf(ctx, person); err != nil {
		return d, err
	}
	words, err := one(ctx, r.q, pgx.RowToStructByPos[struct {
		Count int
		Since *time.Time
	}], `select count(*), min(at) from messages where chat = any($1)`, d.Chats)
	if words.Since != nil {
		d.Messages, d.Since = words.Count, words.Since.In(Zone)
	}
	return d, err
}

// DeletePerson deletes what is stored about a person and returns the receipt
// they are given. chat is where they asked for it (empty: not in a chat): its
// session is left to the turn's commit, while their other chats start afresh.
//
// Gone afterwards: the person, their memberships, consents but for a proof that
// names nobody, requests and files, what they and the bot said (not yet handled
// messages are handled first), producers and products that were theirs alone.
// What stays: a producer others speak for, and what stands in an officer's list or
// was certified, which are public facts, without phone numbers and names of contacts.
// ErrNotFound.
func (tx *Tx) DeletePerson(ctx context.Context, person int64, chat string) (receipt string, err error) {
	chats, err := tx.resetChats(ctx, person, chat)
	if err != nil {
		return "", err
	}
	p, err := one(ctx, tx.q, pgx.RowToStructByName[Person],
		`select `+personColumns+` from people where id = $1 and merged_into is null for update`, person)
	if err != nil {
		return "", err
	}
	producers, err := all(ctx, tx.q, pgx.RowToStructByPos[membership],
		`select id, not exists (select from members o where o.producer = id and o.person <> $1)
		from producers join members m on m.producer = id where m.person = $1 order by id for update of producers`, person)
	if err != nil {
		return "", err
	}
	var theirs, alone []int64
	for _, m := range producers {
		theirs = append(theirs, m.Producer)
		if m.Alone {
			alone = append(alone, m.Producer)
		}
	}
	if err := tx.deleteFiles(ctx, `person = $1 or product in
		(select id from products where producer = any($2) and state <> 'certified' and not listed)`, person, alone); err != nil {
		return "", err
	}
	receipt = "XOA-" + rand.Text()[:10]
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{`delete from members where person = $1`, []any{person}},
		{`delete from products where producer = any($1) and state <> 'certified' and not listed`, []any{alone}},
		{`delete from producers where id = any($1) and not listed and not exists (select from products where producer = producers.id)`, []any{alone}},
		{`update producers set phone = '', contact = '' where id = any($1) or merged_into = any($1) or id = any($2) and phone = $3`, []any{alone, theirs, p.Phone}},
		{`delete from requests where person = $1 or chat = any($2)`, []any{person, chats}},
		{`update consents set person = null, receipt = $2 where person = $1`, []any{person, receipt}},
		{`update messages set chat = null, body = null, raw = null where chat = any($1) and handled is not null`, []any{chats}},
		{`update turns set replies = '[]', sent = coalesce(sent, $2), fate = case when sent is null then 'deleted' else fate end
			where chat = any($1)`, []any{chats, tx.now}},
		{`delete from links where chat = any($1)`, []any{chats}},
		{`delete from link_misses where chat = any($1)`, []any{chats}},
		{`update imports set chat = '', name = '', done = coalesce(done, $2), state = case when state in ('new', 'read') then 'dropped' else state end
			where chat = any($1) and chat <> ''`, []any{chats, tx.now}},
		{`delete from people where id = $1 or merged_into = $1`, []any{person}},
	} {
		if _, err := tx.exec(ctx, s.sql, s.args...); err != nil {
			return "", err
		}
	}
	if err := tx.changedCatalogue(ctx); err != nil {
		return "", err
	}
	return receipt, tx.Audit(ctx, PersonActor(person), "delete person", receipt)
}

type membership struct {
	Producer int64
	Alone    bool // no other member
}

// resetChats empties the sessions of a person's chats but the one they write
// in, and returns the keys of all of them. What others who share such a chat left
// half done is theirs and stays. The turn number moves on, so a turn
// that is running there is thrown away and no live copy survives; it does not
// begin again at 0, where the journal already has turns.
func (tx *Tx) resetChats(ctx context.Context, person int64, chat string) ([]string, error) {
	nonce := rand.Text()
	chats, err := all(ctx, tx.q, pgx.RowTo[string], `update chats set turn = turn + 1, nonce = $3, person = null, owed = null,
		session = jsonb_strip_nulls(jsonb_build_object('turn', turn + 1, 'nonce', $3::text,
			'lang', session->'lang', 'blocked', session->'blocked', 'aside', session->'aside'))
		where person = $1 and chat <> $2 returning chat`, person, chat, nonce)
	if err != nil {
		return nil, err
	}
	// Where others speak now, what this one left half done is set aside.
	_, err = tx.exec(ctx, `update chats set turn = turn + 1, nonce = $3, session = jsonb_set(session, '{aside}',
			jsonb_path_query_array(session->'aside', '$[*] ? (@.person != $p)', jsonb_build_object('p', $1::bigint)))
		where chat in (select chat from speakers where person = $1) and chat <> $2 and person is distinct from $1 and session ? 'aside'`,
		person, chat, nonce)
	if err != nil || chat == "" {
		return chats, err
	}
	return append(chats, chat), nil
}
