package store

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// The acts of merging in the audit log.
const (
	actMergePeople    = "merge person"
	actMergeProducers = "merge producers"
	actUndo           = "undo merge"
)

// Joined is a merge of people, or of producers, as an officer sees it.
type Joined struct {
	ID    int64 // of its line in the audit log
	At    time.Time
	Kind  string // JoinedPeople, JoinedProducers
	From  int64  // who went
	Into  int64  // who stays
	Name  string // of who stays; empty: not told
	Other string // of who went
	Chats int    // of people: how many chats moved
	Open  bool   // it can be undone: neither undone, nor merged further
}

// The kinds of merges.
const (
	JoinedPeople    = "people"
	JoinedProducers = "producers"
)

// Merges returns the merges in an officer's area that can be undone, the latest first.
func (r *Reader) Merges(ctx context.Context, person int64, limit int) ([]Joined, error) {
	list, err := r.merges(ctx, person, 0)
	list = slices.DeleteFunc(list, func(j Joined) bool { return !j.Open })
	return list[:min(len(list), limit)], err
}

// merges returns the merges in an officer's area, or (id not 0) one of them. Of people, both must
// be there, as far as it is known; who has not told their commune is where their
// producers are.
func (r *Reader) merges(ctx context.Context, person, id int64) ([]Joined, error) {
	rs, err := r.RolesOf(ctx, person)
	if err != nil || !rs.Is(RoleOfficer) {
		return nil, err
	}
	communes, provinces := rs.places()
	if rs.Is(RoleAdmin) {
		communes = append(communes, "")
	}
	return all(ctx, r.q, pgx.RowToStructByName[Joined], `
		with acts as (select id, at, act, subject, (moved->>'into')::bigint as stays from audit
			where moved is not null and act in ('`+actMergePeople+`', '`+actMergeProducers+`') and ($3 = 0 or id = $3))
		select a.id, a.at, 'people' as kind, g.id as "from", a.stays as "into", s.name, g.name as other,
			coalesce(cardinality(g.merged_chats), 0) as chats, g.merged_into is not distinct from s.id and s.merged_into is null
				and a.id = (select max(id) from audit where subject = a.subject and act = a.act and moved is not null) as open
		from acts a join people g on a.act = '`+actMergePeople+`' and g.id = substring(a.subject from 8)::bigint
			join people s on s.id = a.stays
		where (g.commune = '' or g.commune = any($1)) and (s.commune = any($1) or s.commune = '' and exists (
			select from members m join producers p on p.id = m.producer where m.person = s.id and `+inPlaces+`))
		union all
		select a.id, a.at, 'producers', g.id, a.stays, s.name, g.name, 0, g.merged_into is not distinct from s.id and s.merged_into is null
				and a.id = (select max(id) from audit where subject = a.subject and act = a.act and moved is not null)
		from acts a join producers g on a.act = '`+actMergeProducers+`' and g.id = substring(a.subject from 4)::bigint
			join producers s on s.id = a.stays
		where (s.commune = any($1) or s.commune = '' and s.province = any($2)) and (g.commune = any($1) or g.commune = '' and g.province = any($2))
		order by id desc`, communes, provinces, id)
}

// Undo parts what a merge made one, by its number in the audit log: chats,
// memberships, files, requests, consents, roles, claims, invitations, households and
// their products go back. What came to the one who stays since stays with them.
// ErrNotYours: it is not in the officer's area, or is about the officer; ErrClosed: it
// was undone, or cannot be parted any more, because one of them was merged further or
// the producer that went has a product of the same name by now.
func (tx *Tx) Undo(ctx context.Context, by, merge int64) error {
	if merge <= 0 {
		return ErrNotYours
	}
	list, err := tx.merges(ctx, by, merge)
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].Kind == JoinedPeople && (by == list[0].From || by == list[0].Into) {
		return ErrNotYours
	}
	j := list[0]
	e, err := one(ctx, tx.q, pgx.RowToStructByName[AuditEntry], `select `+auditColumns+` from audit where id = $1`, merge)
	if err != nil {
		return err
	}
	if !j.Open {
		return ErrClosed
	}
	if j.Kind == JoinedPeople {
		err = tx.partPeople(ctx, j.From, *e.Moved)
	} else {
		err = tx.partProducers(ctx, e.Moved.Same[0])
	}
	if err != nil {
		return err
	}
	if err := tx.changedCatalogue(ctx); err != nil {
		return err
	}
	stays := producerCode(j.Into)
	if j.Kind == JoinedPeople {
		stays = PersonActor(j.Into)
	}
	if err := tx.Audit(ctx, PersonActor(by), actUndo, stays); err != nil {
		return err
	}
	return tx.auditMoved(ctx, PersonActor(by), actUndo, e.Subject, &Moved{Into: j.Into, Undone: merge})
}

// partPeople makes two people of one again: goes, and m.Into who stays.
func (tx *Tx) partPeople(ctx context.Context, goes int64, m Moved) error {
	if _, err := tx.exec(ctx, `select from chats where person = $1 order by chat for update`, m.Into); err != nil {
		return err
	}
	into, err := all(ctx, tx.q, pgx.RowTo[*int64], `select merged_into from people where id in ($1, $2) order by id for update`, goes, m.Into)
	if err != nil {
		return err
	}
	if len(into) < 2 || into[0] != nil || into[1] == nil || *into[1] != m.Into { // who stays is known longer
		return ErrClosed
	}
	for _, same := range m.Same {
		if err := tx.partProducers(ctx, same); err != nil {
			return err
		}
	}
	for _, s := range []struct {
		sql string
		ids any
	}{
		{`update chats set person = $1, turn = turn + 1, nonce = '` + rand.Text()[:8] + `' where person = $2 and $3::bigint[] is null
			and chat = any((select merged_chats from people where id = $1)::text[])`, nil},
		{`update speakers set person = $1 where person = $2 and $3::bigint[] is null
			and chat = any((select merged_speakers from people where id = $1)::text[])
			and not exists (select from speakers o where o.chat = speakers.chat and o.person = $1)`, nil},
		{`update files set person = $1 where person = $2 and id = any($3)`, m.Files},
		{`update requests set person = $1 where person = $2 and id = any($3)`, m.Requests},
		{`update roles set person = $1 where person = $2 and id = any($3)`, m.Roles},
		{`update claims set person = $1 where person = $2 and id = any($3)`, m.Claims},
		{`update invitations set by = $1 where by = $2 and id = any($3)`, m.Invitations},
		{`update consents set person = $1, origin = nullif(origin, $1) where person = $2 and id = any($3)`, m.Consents},
		{`update people set merged_into = $1 where merged_into = $2 and id = any($3)`, m.People},
	} {
		if _, err := tx.exec(ctx, s.sql, goes, m.Into, s.ids); err != nil {
			return err
		}
	}
	if err := tx.partMembers(ctx, goes, m); err != nil {
		return err
	}
	return tx.giveBack(ctx, goes, m)
}

// partMembers gives the memberships back that were moved with a person.
func (tx *Tx) partMembers(ctx context.Context, goes int64, m Moved) error {
	for role, producers := range map[string][]int64{Manager: m.Managed, Helper: m.Helped} {
		for _, producer := range producers {
			var kept string // the role who stays had
			for _, k := range m.Kept {
				if k.Producer == producer {
					kept = k.Role
				}
			}
			if err := tx.partMember(ctx, Member{producer, m.Into, role}, producer, goes, kept); err != nil {
				return err
			}
		}
	}
	return nil
}

// partMember gives a membership to another producer or person. With a role kept, the
// first stays a member in that role. Who left meanwhile is given nothing.
func (tx *Tx) partMember(ctx context.Context, from Member, producer, person int64, kept string) error {
	sql := `delete from members where producer = $1 and person = $2 and $3 = ''`
	if kept != "" {
		sql = `update members set role = $3 where producer = $1 and person = $2`
	}
	n, err := tx.exec(ctx, sql, from.Producer, from.Person, kept)
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.exec(ctx, `insert into members (producer, person, role, since) values ($1, $2, $3, $4) on conflict do nothing`,
		producer, person, from.Role, tx.now)
	return err
}

// giveBack takes from the one who stays what they had of the other, and makes that one
// a person again.
func (tx *Tx) giveBack(ctx context.Context, goes int64, m Moved) error {
	if _, err := tx.exec(ctx, `update people s set
			name = case when 'name' = any($3) and s.name = g.name then '' else s.name end,
			commune = case when 'commune' = any($3) and s.commune = g.commune then '' else s.commune end,
			phone_verified = s.phone_verified and not ('verified' = any($3) and s.phone = g.phone),
			phone = case when 'phone' = any($3) and s.phone = g.phone then coalesce(g.merged_phone, '') else s.phone end
		from people g where s.id = $2 and g.id = $1`, goes, m.Into, append([]string{}, m.Taken...)); err != nil {
		return err
	}
	// A number is verified for one person only: who showed it last.
	_, err := tx.exec(ctx, `update people g set merged_into = null, merged_chats = null, merged_speakers = null, merged_phone = null,
			phone_verified = phone_verified and not exists (select from people o
				where o.phone = g.phone and o.phone_verified and o.merged_into is null and o.id <> g.id)
		where id = $1`, goes)
	return err
}

// partProducers makes two producers of one again.
func (tx *Tx) partProducers(ctx context.Context, s Same) error {
	into, err := all(ctx, tx.q, pgx.RowToStructByPos[struct {
		ID   int64
		Into *int64
	}], `select id, merged_into from producers where id in ($1, $2) order by id for update`, s.Producer, s.Into)
	if err != nil {
		return err
	}
	if len(into) < 2 {
		return ErrClosed
	}
	for _, p := range into {
		if p.ID == s.Into && p.Into != nil || p.ID == s.Producer && (p.Into == nil || *p.Into != s.Into) {
			return ErrClosed
		}
	}
	if n, err := tx.exec(ctx, `select from products b join products o on o.producer = $1 and o.folded = b.folded and o.state <> 'withdrawn'
		where b.id = any($3) and b.producer = $2 and (b.state <> 'withdrawn' or b.id = any($4))`, s.Producer, s.Into, s.Products, s.Withdrawn); err != nil || n > 0 {
		if err == nil {
			err = ErrClosed
		}
		return err
	}
	for _, move := range []struct {
		sql string
		ids []int64
	}{
		{`update products set producer = $1 where producer = $2 and id = any($3)`, s.Products},
		{`update products set state = 'submitted' where producer in ($1, $2) and state = 'withdrawn' and id = any($3)`, s.Withdrawn},
		{`update claims set producer = $1 where producer = $2 and id = any($3)`, s.Claims},
		{`update producers set merged_into = $1 where merged_into = $2 and id = any($3)`, s.Producers},
	} {
		if _, err := tx.exec(ctx, move.sql, s.Producer, s.Into, move.ids); err != nil {
			return err
		}
	}
	for _, m := range s.Members {
		kept := ""
		for _, k := range s.Kept {
			if k.Person == m.Person {
				kept = k.Role
			}
		}
		if err := tx.partMember(ctx, Member{s.Into, m.Person, m.Role}, s.Producer, m.Person, kept); err != nil {
			return err
		}
	}
	if _, err := tx.exec(ctx, `update producers t set
			phone = case when 'phone' = any($3) and t.phone = f.phone then '' else t.phone end,
			registered = case when 'registered' = any($3) and t.registered = f.registered then 'unknown' else t.registered end,
			commune = case when 'commune' = any($3) and t.commune = f.commune then '' else t.commune end,
			province = case when 'province' = any($3) and t.province = f.province then '' else t.province end,
			contact = case when 'contact' = any($3) and t.contact = f.contact then '' else t.contact end,
			place_said = case when 'place_said' = any($3) and t.place_said = f.place_said then '' else t.place_said end,
			listed = t.listed and not 'listed' = any($3), updated = $4
		from producers f where t.id = $2 and f.id = $1`, s.Producer, s.Into, append([]string{}, s.Taken...), tx.now); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `update producers set merged_into = null, updated = $2 where id = $1`, s.Producer, tx.now)
	return err
}
